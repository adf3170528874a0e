// Messages at the edge of the screen: with the page, with an htmx answer, or from scripts.

const STAY = 6000;
const STAY_WITH_UNDO = 10000;
const AGAIN = 2000;
const MOST = 4;
const box = document.getElementById("toasts");
const pattern = document.getElementById("toast-pattern")?.content.firstElementChild;

function leave(toast) {
  const held = toast.contains(document.activeElement);
  toast.remove();
  if (held) document.getElementById("main")?.focus({ preventScroll: true });
}

// Errors stay until they are closed; the others wait while someone points at them or is away.
function arm(toast) {
  if (toast.dataset.armed) return;
  toast.dataset.armed = "yes";
  if (toast.dataset.toast === "error") return;
  const later = () => {
    if (!toast.isConnected) return;
    if (document.hidden || toast.matches(":hover, :focus-within")) setTimeout(later, AGAIN);
    else leave(toast);
  };
  setTimeout(later, toast.querySelector("[data-undo]") ? STAY_WITH_UNDO : STAY);
}

function show({ text, kind = "done", undo, action }) {
  if (!box || !pattern || !text) return;
  for (const old of [...box.children]) if (old.firstElementChild.textContent === text) old.remove();
  const toast = pattern.cloneNode(true);
  toast.dataset.toast = kind;
  toast.classList.add(kind);
  toast.firstElementChild.textContent = text;
  const form = toast.querySelector("form");
  const button = form.querySelector("button");
  if (undo) {
    form.action = undo.url;
    if (undo.label) button.textContent = undo.label;
  } else if (action) {
    button.type = "button";
    button.textContent = action.label;
    button.addEventListener("click", () => { action.run(); leave(toast); });
  } else form.remove();
  box.append(toast);
  arm(toast);
  while (box.children.length > MOST) box.firstElementChild.remove();
}

// A dialog makes the rest of the page deaf: messages move into the one on top.
function move() {
  const dialogs = document.querySelectorAll("dialog[open]");
  const home = dialogs[dialogs.length - 1] ?? document.body;
  if (box && box.parentElement !== home) home.append(box);
}

document.addEventListener("toast", ({ detail }) => { move(); show(detail); });
document.addEventListener("close", move, true);
document.addEventListener("click", (event) => {
  const toast = event.target.closest?.("[data-toast-close]")?.closest(".toast-c");
  if (toast) leave(toast);
});
document.addEventListener("htmx:load", () => [...(box?.children ?? [])].forEach(arm));
