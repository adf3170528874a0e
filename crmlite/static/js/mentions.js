// In textarea[data-mentions] an @ offers the names of the <datalist> that it names, while a note is written.

const MOST = 6;
const AT = /[@＠]([^\s@＠]*)$/;
const plain = (text) => text.normalize("NFKC").toLowerCase();
let number = 0;

class Mentions {
  constructor(area) {
    const id = `mentions-${++number}`;
    this.area = area;
    this.list = document.createElement("div");
    for (const [key, value] of Object.entries({ class: "combo-list", id, role: "listbox" }))
      this.list.setAttribute(key, value);
    this.list.setAttribute("aria-label", area.getAttribute("aria-label") ?? "");
    this.list.hidden = true;
    const box = document.createElement("div");
    box.className = "combo";
    box.append(this.list);
    area.after(box);
    for (const [key, value] of Object.entries({ autocomplete: "list", controls: id, haspopup: "listbox" }))
      area.setAttribute(`aria-${key}`, value);
    area.addEventListener("input", (event) => { if (!event.isComposing) this.open(); });
    area.addEventListener("compositionend", () => this.open());
    area.addEventListener("keydown", (event) => this.key(event));
    area.addEventListener("blur", () => this.hide());
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("click", ({ target }) => this.take(target.closest("[data-name]")));
  }

  // What is typed after the last @ before the cursor; null where that is none of a note.
  typed() {
    const { area } = this;
    if (new FormData(area.form).get("direction") !== "note") return null;
    return AT.exec(area.value.slice(0, area.selectionStart))?.[1] ?? null;
  }

  open() {
    const typed = this.typed();
    const names = document.getElementById(this.area.dataset.mentions)?.options ?? [];
    const fits = ({ value, dataset }) =>
      [value, dataset.find ?? ""].some((word) => plain(word).includes(plain(typed)));
    const found = typed === null ? [] : [...names].filter(fits).slice(0, MOST);
    this.list.replaceChildren(...found.map(({ value }, place) => {
      const line = document.createElement("div");
      line.setAttribute("role", "option");
      line.id = `${this.list.id}-${place}`;
      line.dataset.name = line.textContent = value;
      return line;
    }));
    if (!found.length) return this.hide();
    this.list.hidden = false;
    this.at(this.list.firstElementChild);
  }

  at(line) {
    for (const one of this.list.children) {
      one.classList.toggle("at", one === line);
      one.setAttribute("aria-selected", String(one === line));
    }
    line.scrollIntoView({ block: "nearest" });
    this.area.setAttribute("aria-activedescendant", line.id);
  }

  take(line) {
    const typed = this.typed();
    this.hide();
    if (!line || typed === null) return;
    const end = this.area.selectionStart;
    this.area.setRangeText(`${line.dataset.name} `, end - typed.length, end, "end");
    this.area.dispatchEvent(new Event("input", { bubbles: true }));
  }

  hide() {
    this.list.hidden = true;
    this.area.removeAttribute("aria-activedescendant");
  }

  key(event) {
    if (this.list.hidden || event.isComposing || event.keyCode === 229) return;
    const lines = [...this.list.children];
    const here = lines.findIndex((line) => line.matches(".at"));
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const isPlain = !event.ctrlKey && !event.metaKey && !event.shiftKey;
    if (by) this.at(lines[(here + by + lines.length) % lines.length]);
    else if (["Enter", "Tab"].includes(event.key) && isPlain) this.take(lines[here]);
    else if (event.key === "Escape") this.hide();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}

const enhance = (root) => {
  for (const area of root.querySelectorAll("textarea[data-mentions]"))
    if (!area.hasAttribute("aria-controls")) new Mentions(area);
};
document.addEventListener("htmx:load", ({ detail }) => enhance(detail.elt));
enhance(document);
