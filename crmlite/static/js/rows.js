// A cursor over the rows of lists: j and k move, Enter opens, o looks, e edits, x selects; a button in a row
// may have a key of its own, as data-row-key="t".

const strip = document.querySelector("template[data-row-acts]")?.content.firstElementChild;
let at = "";
let place = 0; // of the row last pointed at, for when it is gone
let held = false; // whether the focus was in a row that is being swapped
const STORE = `crmlite.row.${location.pathname}`; // the row that the page was left from

const rows = () =>
  [...document.querySelectorAll("#main [data-row]")].filter((row) => row.checkVisibility());
const current = () => document.querySelector("#main [data-row].at");
const link = (row) => row.querySelector("a.name, a[data-open]") ?? row.querySelector("a[href]");

function put(row) {
  const old = current();
  if (old === row) return;
  old?.classList.remove("at");
  old?.querySelectorAll("[data-when]").forEach((time) => { time.tabIndex = -1; });
  at = row?.dataset.row ?? "";
  if (row) place = rows().indexOf(row);
  row?.classList.add("at");
  // Tab leads from the row to its dates, so that their exact time can be read.
  row?.querySelectorAll("[data-when]").forEach((time) => { time.tabIndex = 0; });
  if (row) offer(row);
}

function step(by) {
  const all = rows();
  if (!all.length) return false;
  const here = all.indexOf(current());
  const next = all[Math.min(all.length - 1, Math.max(0, here < 0 ? place : here + by))];
  put(next);
  const target = link(next) ?? next;
  if (target === next) next.tabIndex = -1;
  target.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
  return true;
}

// The address of a row's quick view or form: its own, or its link with what the table adds.
function address(row, what) {
  if (row.dataset[what]) return row.dataset[what];
  const added = row.closest("[data-rows]")?.dataset[what];
  return added && link(row) ? new URL(link(row).href).pathname + added : "";
}

function act(row, what) {
  const url = row && address(row, what);
  if (!url) return false;
  document.dispatchEvent(new CustomEvent("drawer-open", { detail: { url, from: link(row) } }));
  return true;
}

// One strip of buttons for all rows goes to the row that is pointed at.
function offer(row) {
  const place = strip && row.closest("[data-rows]") && link(row)?.closest("td");
  if (place && strip.parentElement !== place) place.append(strip);
}

const KEYS = {
  j: () => step(1),
  k: () => step(-1),
  Enter: () => {
    const target = current() && link(current());
    target?.click();
    return Boolean(target);
  },
  o: () => act(current(), "quick"),
  e: () => act(current(), "edit"),
  x: () => {
    const box = current()?.querySelector(".pick");
    box?.click();
    return Boolean(box);
  },
};

function press(key) {
  const button = current()?.querySelector(`[data-row-key="${CSS.escape(key)}"]`);
  button?.click();
  return Boolean(button);
}

document.addEventListener("hotkey", (event) => {
  const { key } = event.detail;
  if (KEYS[key]?.() || press(key)) event.preventDefault();
});
document.addEventListener("focusin", ({ target }) => {
  const row = target.closest?.("#main [data-row]");
  if (row) put(row);
});
document.addEventListener("pointerover", (event) => {
  const row = event.pointerType === "mouse" && event.target.closest?.("#main [data-row]");
  if (row) offer(row);
});
document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-act]");
  if (button) act(button.closest("[data-row]"), button.dataset.act);
});
document.addEventListener("htmx:beforeSwap", ({ detail: { target } }) => {
  const row = document.activeElement?.closest("#main [data-row]");
  held = Boolean(row && target.contains(row));
  strip?.remove();
});
document.addEventListener("htmx:afterSwap", () => {
  if (!at || current()) return;
  const all = rows();
  const row = all.find((candidate) => candidate.dataset.row === at);
  if (row) return put(row);
  // What was done took the row away: the next one stands in its place.
  if (!held || !all.length) return;
  put(all[Math.min(all.length - 1, place)]);
  link(current())?.focus({ preventScroll: true });
});
addEventListener("pagehide", () => {
  const row = current();
  if (row) sessionStorage.setItem(STORE, row.dataset.row);
  else sessionStorage.removeItem(STORE);
});

const left = sessionStorage.getItem(STORE);
const again = left && rows().find((candidate) => candidate.dataset.row === left);
if (again) {
  put(again);
  again.scrollIntoView({ block: "nearest" });
}
