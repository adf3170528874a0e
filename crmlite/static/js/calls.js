// Notes that a call began when somebody taps a phone number: it then waits to be written down.

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[data-called]");
  if (!link || event.defaultPrevented || event.button) return;
  // The browser goes on to dial; htmx tells how the note went, and offers to undo it.
  htmx.ajax("POST", link.dataset.called, { source: link, swap: "none", values: { kind: "phone" } })
    .catch(() => {});
});
