// Keys. Single keys rest while someone types, composes Chinese, has a dialog open or switched them off.

const STORE = "crmlite.hotkeys";
const PAUSE = 1500;
const TYPED = "textarea, select, [contenteditable], [role=combobox], [role=textbox], " +
  "input:not([type=checkbox]):not([type=radio]):not([type=button]):not([type=submit])";
let went = -PAUSE;

const visible = (selector) =>
  [...document.querySelectorAll(selector)].find((element) => element.checkVisibility());

// The list of keys has those that do something on the page.
function sift() {
  for (const line of document.querySelectorAll("#shortcuts [data-if]"))
    line.hidden = !document.querySelector(line.dataset.if);
}

function show(id) {
  const dialog = document.getElementById(id);
  if (dialog && !dialog.open) dialog.showModal();
}

function press(element) {
  element?.click();
  return Boolean(element);
}

// The same; where that opens a menu, its first line is the next thing to press.
function enter(element) {
  const pressed = press(element);
  if (pressed) document.querySelector(".menu:popover-open a")?.focus();
  return pressed;
}

// With Ctrl or ⌘, also while typing: the palette, and saving the form one is in.
function withControl(event) {
  if (event.key.toLowerCase() === "k") show("palette");
  else if (event.key === "Enter") {
    const form = event.target.closest("form:is(.form, [data-draft])");
    if (!form) return;
    press(event.target.closest("[type=submit]") ?? form.querySelector("[type=submit]"));
  } else return;
  event.preventDefault();
}

function single(key) {
  if (performance.now() - went < PAUSE) {
    went = -PAUSE;
    return press(document.querySelector(`[data-go="${CSS.escape(key)}"]`));
  }
  if (key === "g") return Boolean((went = performance.now()));
  if (key === "?") {
    sift();
    return show("shortcuts") ?? true;
  }
  if (key === "/") {
    const search = visible("[data-search]");
    search?.select();
    return Boolean(search);
  }
  if (key === "n" && enter(visible("[data-new]"))) return true;
  const asked = new CustomEvent("hotkey", { detail: { key }, cancelable: true });
  if (!document.dispatchEvent(asked)) return true;
  if (key === "e" && press(visible("#main :is(a, button)[data-edit]"))) return true;
  return enter(visible(`[data-key="${CSS.escape(key)}"]`));
}

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.keyCode === 229 || event.defaultPrevented || event.altKey) return;
  if (event.ctrlKey || event.metaKey) return withControl(event);
  const isEnter = event.key === "Enter" && event.target.matches?.("body, #main");
  if (event.key.length > 1 && !isEnter || event.repeat && !"jk".includes(event.key)) return;
  if (localStorage.getItem(STORE) === "off" || document.querySelector("dialog[open]")) return;
  if (event.target.closest?.(TYPED)) return;
  if (single(event.key)) event.preventDefault();
});

document.addEventListener("click", ({ target }) => {
  if (target.closest?.("[commandfor=shortcuts]")) sift();
});

for (const box of document.querySelectorAll("[data-hotkeys]")) {
  box.checked = localStorage.getItem(STORE) !== "off";
  box.addEventListener("change", () => localStorage.setItem(STORE, box.checked ? "on" : "off"));
}
