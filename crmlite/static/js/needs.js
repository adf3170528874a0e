// Fetches the scripts that only some pages need, once something they serve appears.

const SERVES = {
  rows: "[data-row]",
  picks: "form.bulk",
  combobox: "[data-combobox]",
  draft: "[data-draft], dd.open",
  menus: "[data-sift]",
  calls: "[data-called]",
  printing: "[data-print]",
  copying: "[data-copy]",
  choices: "[data-choices]",
  mentions: "[data-mentions]",
  lines: "[data-lines]",
  moments: "[data-when]",
  timer: "[data-times]",
};
const { dataset } = document.getElementById("needs");
const fetchScript = (name) => import(dataset[name]);

function look(root) {
  for (const [name, what] of Object.entries(SERVES))
    if (root.matches?.(what) || root.querySelector(what)) fetchScript(name);
}

document.addEventListener("htmx:load", ({ detail }) => look(detail.elt));
document.addEventListener("focusin", ({ target }) => {
  if (["palette-input", "find-input"].includes(target.id)) fetchScript("palette");
});
look(document);
if (Object.keys(sessionStorage).some((key) => key.startsWith("crmlite.draft."))) fetchScript("draft");
