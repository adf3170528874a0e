// What fits, chosen with the arrows while one goes on typing: in the command palette, which offers
// what the page has and then what the server finds, and below the search box on top.

const SOURCES = "#side .nav-a, #new-menu a, [data-command]";
const palette = document.getElementById("palette");
const input = document.getElementById("palette-input");
const commands = document.getElementById("palette-commands");
const none = document.getElementById("palette-none");
const behind = new WeakMap();

const plain = (text) => text.normalize("NFKC").toLowerCase();

// The lines of a list and the field that leads through them. Roles are set here, so that the
// server's lines stay plain links.
class Lines {
  constructor(box, field, name) {
    Object.assign(this, { box, field, name });
    field.addEventListener("keydown", (event) => {
      if (event.isComposing || event.keyCode === 229 || event.ctrlKey || event.metaKey) return;
      if (event.key === "ArrowDown") this.move(1);
      else if (event.key === "ArrowUp") this.move(-1);
      else if (event.key === "Enter" && this.active) this.active.click();
      else return;
      event.preventDefault();
    });
  }

  get options() { return [...this.box.querySelectorAll("[role=option]")]; }
  get active() { return this.box.querySelector("[aria-selected=true]"); }

  choose(option) {
    for (const other of this.options) other.setAttribute("aria-selected", String(other === option));
    this.field.setAttribute("aria-activedescendant", option?.id ?? "");
    option?.scrollIntoView({ block: "nearest" });
  }

  move(by) {
    const all = this.options;
    const here = all.indexOf(this.active);
    this.choose(all[here < 0 && by < 0 ? all.length - 1 : (here + by + all.length) % all.length]);
  }

  dress() {
    for (const group of this.box.querySelectorAll(".palette-list")) group.setAttribute("role", "group");
    for (const item of this.box.querySelectorAll(".palette-list li")) item.setAttribute("role", "none");
    this.box.querySelectorAll(".palette-list a").forEach((option, place) => {
      Object.assign(option, { id: `${this.name}-${place}`, tabIndex: -1 });
      option.setAttribute("role", "option");
    });
  }
}

function words(source) {
  const label = source.querySelector(".cut")?.textContent ?? source.getAttribute("aria-label");
  return (label ?? source.textContent).trim();
}

function line(source) {
  const item = document.createElement("li");
  const option = document.createElement("a");
  option.href = source.getAttribute("href") ?? "#";
  const icon = source.querySelector("svg.icon");
  if (icon) option.append(icon.cloneNode(true));
  option.append(words(source));
  if (source.dataset.hint) {
    const hint = document.createElement("span");
    hint.className = "push meta";
    hint.textContent = source.dataset.hint;
    option.append(hint);
  }
  behind.set(option, source);
  item.append(option);
  return item;
}

function serve() {
  const lines = new Lines(document.getElementById("palette-all"), input, "palette");
  let asked = input.value;
  let due = false; // whether the server has still to answer
  let waits = false; // whether Enter was pressed meanwhile, with nothing to take yet

  // What the server found for other words would be taken for what these find.
  function forget() {
    htmx.trigger(input, "htmx:abort");
    document.getElementById("palette-found")?.replaceChildren();
    asked = input.value;
    due = Boolean(asked.trim());
    waits = false;
  }

  function list() {
    const typed = plain(input.value).split(/\s+/).filter(Boolean);
    const fits = (source) => {
      const text = plain(`${words(source)} ${source.dataset.command ?? ""} ${source.dataset.find ?? ""}`);
      return typed.every((word) => text.includes(word));
    };
    const sources = [...document.querySelectorAll(SOURCES)].filter((s) => !s.disabled && fits(s));
    commands.replaceChildren(...sources.map(line));
    lines.choose();
    dress();
  }

  // What somebody has gone to with the arrows stays chosen when the server's lines come.
  function dress() {
    lines.dress();
    lines.choose(lines.active ?? lines.options[0]);
    none.hidden = lines.options.length > 0 || !input.value.trim() || due;
    if (!waits || due) return;
    waits = false;
    lines.active?.click();
  }

  input.addEventListener("focus", list);
  // What ends composing Chinese is an input, too, and changes nothing.
  input.addEventListener("input", () => { if (input.value !== asked) forget(); list(); });
  input.addEventListener("keydown", (event) => {
    const isTyped = event.isComposing || event.keyCode === 229;
    waits = event.key === "Enter" && !isTyped && due && !lines.active;
  });
  document.addEventListener("htmx:afterRequest", ({ detail }) => {
    if (detail.elt === input) due = false;
  });
  palette.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (!option || event.ctrlKey || event.metaKey) return;
    const source = behind.get(option);
    palette.close();
    if (!source) return;
    event.preventDefault();
    source.click();
  });
  // Listed here too: the event comes after the closing, and whoever is quick has opened the palette
  // again by then, or opens it before the browser has taken the focus away, and no focus comes.
  palette.addEventListener("close", () => {
    input.value = "";
    forget();
    list();
  });
  for (const event of ["htmx:afterSettle", "htmx:afterRequest"])
    document.addEventListener(event, () => { if (palette.open) dress(); });
  if (palette.open) list();
}

// Below the search box nothing is chosen by itself: Enter searches for what was typed.
function suggest(field) {
  const box = document.getElementById("find-all");
  const nothing = document.getElementById("find-none");
  const lines = new Lines(document.getElementById("find-lines"), field, "find");
  field.setAttribute("role", "combobox");
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-controls", "find-lines");

  function show(wanted = true) {
    const typed = field.value.trim();
    nothing.hidden = lines.options.length > 0 || !typed || field.matches(".htmx-request");
    const open = wanted && typed && document.activeElement === field &&
      (lines.options.length > 0 || !nothing.hidden);
    box.hidden = !open;
    field.setAttribute("aria-expanded", String(Boolean(open)));
    if (!open) lines.choose();
  }

  function dress() {
    lines.dress();
    lines.choose(lines.active);
    show();
  }

  field.addEventListener("focus", () => show());
  field.addEventListener("input", () => { lines.choose(); if (!field.value.trim()) show(false); });
  field.addEventListener("blur", () => show(false));
  field.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !box.hidden) {
      show(false);
      event.preventDefault(); // or the browser would empty the field
    } else if (event.key.startsWith("Arrow") && box.hidden) show();
  }, true);
  box.addEventListener("pointerdown", (event) => event.preventDefault());
  for (const event of ["htmx:afterSettle", "htmx:afterRequest"])
    document.addEventListener(event, () => { if (document.activeElement === field) dress(); });
  dress();
}

if (palette) serve();
const field = document.getElementById("find-input");
if (field) suggest(field);
