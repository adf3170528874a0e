// Selecting rows: one, a range with Shift, the page, or every one that matches; survives a swap.

let last = null;
let chosen = new Set();

const boxes = (form) => [...document.querySelectorAll(`.pick[form="${CSS.escape(form)}"]`)];
const forms = () => [...document.querySelectorAll("form.bulk")];
const heads = (form) => [...document.querySelectorAll("[data-pick-all]")].filter((head) =>
  head.closest("table")?.querySelector(`.pick[form="${CSS.escape(form)}"]`));

function every(form, on) {
  const all = form.querySelector("[data-bulk-all]");
  if (all) all.disabled = !on;
  const button = form.querySelector("[data-bulk-every-button]");
  if (button) button.hidden = on;
}

function count(form) {
  const all = boxes(form.id);
  const picked = all.filter((box) => box.checked);
  const words = form.querySelector("[data-bulk-count]");
  const whole = form.querySelector("[data-bulk-all]")?.disabled === false;
  const text = whole ? words.dataset.bulkEvery
    : words.dataset.bulkCount.replace("{n}", picked.length);
  if (words.textContent !== text) words.textContent = text;
  for (const head of heads(form.id)) {
    head.checked = all.length > 0 && picked.length === all.length;
    head.indeterminate = picked.length > 0 && !head.checked;
  }
  chosen = new Set([...chosen].filter((key) => !key.startsWith(`${form.id} `)));
  for (const box of picked) chosen.add(`${form.id} ${box.value}`);
}

function set(form, on) {
  for (const box of boxes(form.id)) box.checked = on;
  every(form, false);
  count(form);
}

// On phones boxes show only while someone selects.
function reveal() {
  const on = document.querySelector("[data-picking]")?.getAttribute("aria-pressed") === "true";
  document.querySelector(".tbl.cards:has(.pick)")?.classList.toggle("picking", on);
}

function pickAll(id, whole) {
  document.querySelector("[data-picking]")?.setAttribute("aria-pressed", "true");
  reveal();
  const form = document.getElementById(id);
  set(form, true);
  every(form, whole);
  count(form);
}

document.addEventListener("click", (event) => {
  const toggle = event.target.closest?.("[data-picking]");
  if (toggle) {
    toggle.setAttribute("aria-pressed", String(toggle.getAttribute("aria-pressed") !== "true"));
    return reveal();
  }
  const line = event.target.closest?.("[data-pick-page], [data-pick-every]");
  if (line) return pickAll(line.dataset.pickPage ?? line.dataset.pickEvery, "pickEvery" in line.dataset);
  const box = event.target.closest?.(".pick");
  if (box) {
    const all = boxes(box.getAttribute("form"));
    if (event.shiftKey && last?.isConnected && all.includes(last)) {
      const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b);
      for (const between of all.slice(from, to + 1)) between.checked = box.checked;
    }
    last = box;
    const form = document.getElementById(box.getAttribute("form"));
    if (form) { every(form, false); count(form); }
    return;
  }
  const form = event.target.closest?.("form.bulk");
  if (form && event.target.closest("[data-bulk-clear]")) {
    set(form, false);
    (heads(form.id)[0] ?? document.getElementById("main")).focus({ preventScroll: true });
  } else if (form && event.target.closest("[data-bulk-every-button]")) {
    set(form, true);
    every(form, true);
    count(form);
  }
});
document.addEventListener("change", ({ target }) => {
  if (!target.matches?.("[data-pick-all]")) return;
  for (const form of forms()) if (heads(form.id).includes(target)) set(form, target.checked);
});
document.addEventListener("rows-clear", () => forms().forEach((form) => set(form, false)));
document.addEventListener("htmx:afterSettle", () => {
  reveal();
  for (const form of forms()) {
    for (const box of boxes(form.id)) box.checked ||= chosen.has(`${form.id} ${box.value}`);
    count(form);
  }
});
addEventListener("pageshow", () => forms().forEach(count));
forms().forEach(count);
