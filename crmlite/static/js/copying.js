// Buttons with [data-copy] copy the text of the element that they name.

async function copied(element) {
  const text = element.value ?? element.textContent;
  try {
    await navigator.clipboard.writeText(text);
  } catch { // no secure address, or no permission: by way of a selection
    const range = document.createRange();
    range.selectNodeContents(element);
    const selection = getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
    document.execCommand("copy");
  }
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("[data-copy]");
  const element = button && document.querySelector(button.dataset.copy);
  if (!element) return;
  await copied(element);
  document.dispatchEvent(new CustomEvent("toast", { detail: { text: button.dataset.copied } }));
});
