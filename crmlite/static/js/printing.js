// Buttons with [data-print] print the page, for those who do not find it in their browser's menu; a page
// made for paper does it at once, and links lead to such a page.

document.addEventListener("click", (event) => {
  if (event.target.closest?.("button[data-print]")) print();
});
if (document.querySelector("[data-print=now]"))
  document.readyState === "complete" ? print() : addEventListener("load", () => print());
