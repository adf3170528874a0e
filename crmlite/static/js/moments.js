// Shows the exact time of "6 days ago", or why a tag is there, [data-when], to those who cannot hover.

let bubble = null;
let at;

function tell(time) {
  bubble?.remove();
  bubble = null;
  if (!time) return;
  bubble = document.createElement("div");
  Object.assign(bubble, { className: "bubble", popover: "manual", role: "status" });
  bubble.textContent = time.title;
  time.after(bubble);
  bubble.showPopover();
  const { left, top, bottom } = time.getBoundingClientRect();
  at = top;
  const { width, height } = bubble.getBoundingClientRect();
  bubble.style.left = `${Math.max(4, Math.min(left, innerWidth - width - 4))}px`;
  bubble.style.top = `${top > height + 8 ? top - height - 4 : bottom + 4}px`;
}
document.addEventListener("click", ({ target }) => tell(target.closest?.("[data-when]")));
document.addEventListener("focusin", ({ target }) => {
  if (target.matches("[data-when]")) tell(target);
});
document.addEventListener("focusout", () => tell(null));
document.addEventListener("scroll", () => {
  // Also when something else scrolls, or focus scrolled it here before it was told.
  if (bubble?.previousElementSibling.getBoundingClientRect().top !== at) tell(null);
}, true);
document.addEventListener("keydown", (event) => { if (event.key === "Escape") tell(null); });
