// Fills gaps that browsers leave: command buttons, a click beside a dialog.

// command and commandfor, where the browser does not know them yet.
if (!("commandForElement" in HTMLButtonElement.prototype))
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("button[commandfor]");
    const target = button && document.getElementById(button.getAttribute("commandfor"));
    if (!target) return;
    if (button.getAttribute("command") === "show-modal") target.open || target.showModal();
    if (button.getAttribute("command") === "close") target.close();
  });

// A press beside a dialog closes it; one that began inside, as when marking text, does not. Its click
// would hit what lies below.
let closed;
document.addEventListener("pointerdown", ({ target, clientX: x, clientY: y }) => {
  const { left, right, top, bottom } = target.getBoundingClientRect();
  closed = target.matches("dialog[open]") && (x < left || x > right || y < top || y > bottom);
  if (closed) target.close();
});
document.addEventListener("click", (event) => {
  if (!closed || !event.detail) return; // keys and scripts press nothing
  closed = false;
  event.preventDefault();
  event.stopPropagation();
}, true);

// What was chosen in a menu closes it, after it was sent: a button that loses the focus loses its value.
document.addEventListener("click", ({ target }) => {
  const menu = target.closest?.(".menu :is(a, button)")?.closest(".menu");
  if (menu?.matches(":popover-open")) setTimeout(() => menu.matches(":popover-open") && menu.hidePopover());
});

// Rows that scroll sideways start where the current entry can be seen.
document.addEventListener("htmx:load", ({ detail }) => {
  for (const current of detail.elt.querySelectorAll(".path > [aria-current], .tabs > [aria-current]")) {
    const row = current.parentElement;
    if (!row.scrollLeft && current.offsetLeft + current.offsetWidth > row.offsetLeft + row.clientWidth)
      row.scrollLeft = current.offsetLeft - row.offsetLeft - row.clientWidth / 3;
  }
});

document.addEventListener("change", ({ target }) => {
  if (target.matches?.("[data-autosubmit]")) target.form.requestSubmit();
});
