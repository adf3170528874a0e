// Long choices: select[data-combobox] gets a field that searches it; the select keeps the value.

const MOST = 100;
const ROOM = 280;
const texts = document.getElementById("texts")?.dataset ?? {};
const plain = (text) => text.normalize("NFKC").toLowerCase();
let number = 0;

function make(name, attributes, text = "") {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.textContent = text;
  return element;
}

class Combobox {
  constructor(select) {
    const id = select.id || `combo-${++number}`;
    const none = [...select.options].find(({ value }) => !value)?.text.trim() ?? "";
    const label = select.labels[0];
    const name = select.getAttribute("aria-label") ?? label?.textContent ?? "";
    this.select = select;
    this.input = make("input", {
      class: "form-select", id: `${id}-find`, type: "text", role: "combobox", autocomplete: "off",
      "data-nodraft": "", placeholder: /\p{L}/u.test(none) ? none : texts.choose ?? "", "aria-expanded": "false",
      "aria-autocomplete": "list", "aria-controls": `${id}-list`,
    });
    for (const given of ["aria-label", "aria-describedby", "aria-invalid", "autofocus", "disabled"])
      if (select.hasAttribute(given)) this.input.setAttribute(given, select.getAttribute(given));
    this.list = make("div", {
      class: "combo-list", id: `${id}-list`, role: "listbox", "aria-label": name, hidden: "",
    });
    if (label) label.htmlFor = this.input.id;
    const box = make("div", { class: "combo" });
    select.removeAttribute("data-combobox");
    select.replaceWith(box);
    box.append(select, this.input, this.list);
    select.tabIndex = -1;
    select.setAttribute("aria-hidden", "true");
    this.listen(box);
    this.restore();
  }

  listen(box) {
    this.input.addEventListener("input", () => this.open(this.input.value));
    this.input.addEventListener("click", () => { this.input.select(); this.open(""); });
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("click", ({ target }) => this.take(target.closest("[data-index]")));
    box.addEventListener("focusout", () => this.leave());
    this.select.addEventListener("focus", () => this.input.focus());
    this.select.addEventListener("change", () => this.restore());
    this.select.form?.addEventListener("reset", () => setTimeout(() => this.restore()));
  }

  restore() {
    const chosen = this.select.selectedOptions[0];
    this.input.value = chosen?.value ? chosen.text.trim() : "";
  }

  open(typed) {
    this.typed = typed;
    this.deepen(typed);
    const words = plain(typed).split(/\s+/).filter(Boolean);
    const fits = ({ text, dataset }) =>
      words.every((word) => plain(`${text} ${dataset.find ?? ""}`).includes(word));
    const found = [...this.select.options].filter((option) => !option.disabled && fits(option));
    this.list.replaceChildren();
    let group = null;
    for (const option of found.slice(0, MOST)) {
      const parent = option.closest("optgroup");
      if (parent !== group?.parent) group = { parent, box: this.group(parent) };
      const line = make("div", {
        role: "option", id: `${this.list.id}-${option.index}`, "data-index": option.index,
        "aria-selected": String(option.selected),
      }, option.text.trim() || "–");
      (group?.box ?? this.list).append(line);
    }
    const none = { class: "none", role: "option", "aria-disabled": "true" };
    if (!found.length) this.list.append(make("div", none, texts.nothing));
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
    const { bottom, top } = this.input.getBoundingClientRect();
    this.list.classList.toggle("up", innerHeight - bottom < ROOM && top > innerHeight - bottom);
    this.at((!typed && this.list.querySelector("[aria-selected=true]")) || this.lines()[0]);
  }

  // A code that is deeper than the list belongs to the entry that it begins with.
  deepen(typed) {
    const code = typed.normalize("NFKC").trim().toUpperCase();
    const { deeper } = this.select.dataset;
    for (const old of this.select.querySelectorAll("[data-made]")) if (!old.selected) old.remove();
    if (!deeper || !new RegExp(`^(?:${deeper})$`).test(code)) return;
    const above = [...this.select.options].find(({ value }) =>
      value.length === 3 && (code.startsWith(value) || code.startsWith(value.slice(1))));
    const value = above && above.value[0] + code.replace(/^[A-Z]/, "");
    if (!value || [...this.select.options].some((option) => option.value === value)) return;
    const made = new Option(above.text.trim().replace(/^\S+/, value), value);
    made.dataset.made = "";
    above.after(made);
  }

  group(parent) {
    if (!parent) return this.list;
    const box = make("div", { role: "group", "aria-label": parent.label });
    box.append(make("div", { class: "group", "aria-hidden": "true" }, parent.label));
    this.list.append(box);
    return box;
  }

  lines() { return [...this.list.querySelectorAll("[data-index]")]; }

  at(line) {
    this.list.querySelector(".at")?.classList.remove("at");
    line?.classList.add("at");
    line?.scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", line?.id ?? "");
  }

  take(line) {
    if (!line) return;
    this.hide();
    this.choose(Number(line.dataset.index));
  }

  choose(index) {
    const changed = this.select.selectedIndex !== index;
    this.select.selectedIndex = index;
    this.restore();
    if (!changed) return;
    for (const kind of ["input", "change"])
      this.select.dispatchEvent(new Event(kind, { bubbles: true }));
  }

  hide() {
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.setAttribute("aria-activedescendant", "");
  }

  // The only line that what was typed can mean: the one that is called so, else the only one that fits.
  get sure() {
    const lines = this.list.hidden || !this.typed?.trim() ? [] : this.lines();
    const same = lines.filter((line) => plain(line.textContent) === plain(this.typed).trim());
    const [line, ...others] = same.length ? same : lines;
    return others.length ? undefined : line;
  }

  // Leaving takes it; leaving an emptied field means "none", where there is such a choice.
  leave() {
    const none = [...this.select.options].find((option) => !option.value);
    this.take(this.sure);
    this.hide();
    if (!this.input.value && none) this.choose(none.index);
    this.restore();
  }

  key(event) {
    if (event.isComposing || event.keyCode === 229) return;
    const isOpen = !this.list.hidden;
    const lines = this.lines();
    const here = lines.findIndex((line) => line.matches(".at"));
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const isPlain = !event.ctrlKey && !event.metaKey;
    // Tab takes what was looked for and goes on.
    if (event.key === "Tab" && isOpen && this.typed) return this.take(lines[here]);
    // Saving by key does not leave the field. While it is open which line is meant, nothing is saved.
    if (event.key === "Enter" && isOpen && !isPlain && (this.sure || !this.typed)) return this.leave();
    if (by && isOpen) this.at(lines[(here + by + lines.length) % lines.length]);
    else if (by) this.open("");
    else if (event.key === "Enter" && isOpen) isPlain && this.take(lines[here]);
    else if (event.key === "Escape" && isOpen) { this.hide(); this.restore(); }
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}

const enhance = (root) => root.querySelectorAll("select[data-combobox]:not([multiple])")
  .forEach((select) => new Combobox(select));
document.addEventListener("htmx:load", ({ detail }) => enhance(detail.elt));
enhance(document);
