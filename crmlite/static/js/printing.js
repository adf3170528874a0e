// Buttons with [data-print] print the page, for those who do not find it in their browser's menu.

document.addEventListener("click", (event) => {
  if (event.target.closest?.("[data-print]")) print();
});
