// [data-times] measures how long a call takes, says when it is to end, and fills in the field that it names.

const TICK = 1000;
const MINUTE = 60_000;
const two = (number) => String(number).padStart(2, "0");

class Timer {
  constructor(box) {
    this.box = box;
    this.shown = box.querySelector("[data-timer-shown]");
    this.said = box.querySelector("[data-timer-said]");
    this.button = box.querySelector("[data-timer-button]");
    this.field = box.closest("form").elements[box.dataset.times];
    this.before = 0;
    this.since = null;
    this.button.addEventListener("click", () => this.press());
    box.closest("form").addEventListener("submit", () => this.since !== null && this.stop(), true);
  }

  get spent() {
    return this.before + (this.since === null ? 0 : Date.now() - this.since);
  }

  press() {
    if (this.since !== null) return this.stop();
    this.since = Date.now();
    this.button.lastChild.textContent = this.box.dataset.stop;
    this.beat = setInterval(() => this.show(), TICK);
    this.show();
  }

  stop() {
    this.before = this.spent;
    this.since = null;
    clearInterval(this.beat);
    this.button.lastChild.textContent = this.box.dataset.goOn;
    this.field.value = Math.max(1, Math.round(this.before / MINUTE));
    this.field.dispatchEvent(new Event("input", { bubbles: true }));
    this.show();
  }

  show() {
    if (!this.box.isConnected) return clearInterval(this.beat);
    const seconds = Math.floor(this.spent / TICK);
    this.shown.textContent = `${two(Math.floor(seconds / 60))}:${two(seconds % 60)}`;
    const { least, most, soon, over } = this.box.dataset;
    const state = seconds > most * 60 ? "late" : seconds >= least * 60 ? "soon" : "";
    this.shown.className = `big ${state}`;
    const words = { late: over, soon }[state] ?? "";
    if (this.said.textContent !== words) this.said.textContent = words;
  }
}

const known = new WeakSet();

function look(root) {
  for (const box of root.querySelectorAll("[data-times]")) {
    if (known.has(box)) continue;
    known.add(box);
    new Timer(box);
  }
}

document.addEventListener("htmx:load", ({ detail }) => look(detail.elt.parentElement ?? document));
look(document);
