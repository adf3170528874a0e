// Long menus: .menu[data-sift] gets a field that leaves only the lines that fit what is typed.

const LONG = 9;
const plain = (text) => text.normalize("NFKC").toLowerCase();
const lines = (menu) => [...menu.querySelectorAll("a, button")];
const words = (line) => plain(`${line.textContent} ${line.dataset.find ?? ""}`);

function sift(menu, typed) {
  const wanted = plain(typed.trim());
  for (const line of lines(menu)) line.hidden = !words(line).includes(wanted);
  // A heading stays while a line below it does.
  let kept = false;
  for (const element of [...menu.children].reverse())
    if (element.matches(".menu-h")) { element.hidden = !kept; kept = false; }
    else kept ||= element.matches("a, button") ? !element.hidden
      : Boolean(element.querySelector(":is(a, button):not([hidden])"));
}

function make(menu) {
  const input = document.createElement("input");
  Object.assign(input, { type: "search", className: "form-control", autocomplete: "off" });
  input.placeholder = menu.dataset.sift;
  input.setAttribute("aria-label", menu.dataset.sift);
  input.addEventListener("input", () => sift(menu, input.value));
  input.addEventListener("keydown", (event) => {
    // Enter would press the first button of the form around the menu, whatever is typed.
    if (event.key === "Enter" || event.key === "ArrowDown") {
      event.preventDefault();
      if (!event.isComposing && event.keyCode !== 229) lines(menu).find((line) => !line.hidden)?.focus();
    }
  });
  menu.prepend(input);
  menu.addEventListener("toggle", ({ newState }) => {
    input.value = "";
    sift(menu, "");
    // On touch screens a keyboard would cover what can be read and tapped at once.
    if (newState === "open" && matchMedia("(hover: hover)").matches) input.focus();
  });
}

function look() {
  for (const menu of document.querySelectorAll(".menu[data-sift]")) {
    if (lines(menu).length >= LONG && !menu.querySelector(":scope > input")) make(menu);
  }
}

document.addEventListener("htmx:load", look);
look();
