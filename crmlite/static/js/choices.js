// Up and down lead from a field to the choices that it found, and among them: [data-choices] names their list.

document.addEventListener("keydown", (event) => {
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!by || event.isComposing || event.keyCode === 229) return;
  const field = event.target.closest?.("[data-choices]");
  const list = field ? document.getElementById(field.dataset.choices) : event.target.closest?.("[id]:has([data-choice])");
  const all = [...(list?.querySelectorAll("[data-choice]") ?? [])];
  const here = all.indexOf(event.target);
  if (!all.length || (here < 0 && !field)) return;
  event.preventDefault();
  const next = all[here + by];
  if (next) next.focus();
  else if (by < 0) document.querySelector(`[data-choices="${CSS.escape(list.id)}"] input`)?.focus();
});
