// Fills in what the product of a line costs and is counted in, where nothing was typed or chosen there.

const filled = new WeakMap();

function put(control, value) {
  if (!control || !value || (control.value && control.value !== filled.get(control))) return;
  control.value = value;
  filled.set(control, value);
}

document.addEventListener("input", ({ target }) => {
  if (!target.matches?.("input[data-fills]")) return;
  const option = [...(target.list?.options ?? [])].find(({ value }) => value === target.value);
  if (!option) return;
  const line = target.closest(".line");
  put(line.querySelector("[name$='-price']"), option.dataset.price);
  put(line.querySelector("[name$='-unit']"), option.dataset.unit);
});
