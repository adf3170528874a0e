// The command palette: go to, create, do; what the page offers first, then what the server finds.

const SOURCES = "#side .nav-a, #new-menu a, [data-command]";
const palette = document.getElementById("palette");
const input = document.getElementById("palette-input");
const commands = document.getElementById("palette-commands");
const none = document.getElementById("palette-none");
const behind = new WeakMap();

const plain = (text) => text.normalize("NFKC").toLowerCase();
const options = () => [...palette.querySelectorAll("[role=option]")];
const active = () => palette.querySelector("[aria-selected=true]");

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

function list() {
  const typed = plain(input.value).split(/\s+/).filter(Boolean);
  const fits = (source) => {
    const text = plain(`${words(source)} ${source.dataset.command ?? ""} ${source.dataset.find ?? ""}`);
    return typed.every((word) => text.includes(word));
  };
  const sources = [...document.querySelectorAll(SOURCES)].filter((s) => !s.disabled && fits(s));
  commands.replaceChildren(...sources.map(line));
  choose();
  dress();
}

// Roles are set here, so that the server's lines stay plain links. What somebody has gone to with
// the arrows stays chosen when the server's lines come.
function dress() {
  for (const group of palette.querySelectorAll(".palette-list")) group.setAttribute("role", "group");
  for (const item of palette.querySelectorAll(".palette-list li")) item.setAttribute("role", "none");
  palette.querySelectorAll(".palette-list a").forEach((option, place) => {
    Object.assign(option, { id: `palette-${place}`, tabIndex: -1 });
    option.setAttribute("role", "option");
  });
  choose(active() ?? options()[0]);
  none.hidden = options().length > 0 || !input.value.trim() || input.matches(".htmx-request");
}

function choose(option) {
  for (const other of options()) other.setAttribute("aria-selected", String(other === option));
  input.setAttribute("aria-activedescendant", option?.id ?? "");
  option?.scrollIntoView({ block: "nearest" });
}

function move(by) {
  const all = options();
  choose(all[(all.indexOf(active()) + by + all.length) % all.length]);
}

if (palette) {
  input.addEventListener("focus", list);
  input.addEventListener("input", list);
  input.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === "ArrowDown") move(1);
    else if (event.key === "ArrowUp") move(-1);
    else if (event.key === "Enter") active()?.click();
    else return;
    event.preventDefault();
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
    document.getElementById("palette-found")?.replaceChildren();
    list();
  });
  for (const event of ["htmx:afterSettle", "htmx:afterRequest"])
    document.addEventListener(event, () => { if (palette.open) dress(); });
  if (palette.open) list();
}
