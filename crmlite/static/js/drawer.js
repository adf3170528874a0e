// The drawer on the right: shows the page behind a [data-drawer] link without leaving this one.

const drawer = document.getElementById("drawer");
const body = document.getElementById("drawer-body");
const title = document.getElementById("drawer-title");
const page = document.getElementById("drawer-page");
const REFERS = ["for", "form", "href", "hx-target", "aria-labelledby", "aria-describedby",
  "aria-controls", "popovertarget", "commandfor"];
let opener = null;
let fresh = false;

const words = (element) =>
  element?.getAttribute("aria-label") || element?.textContent.trim().replace(/\s+/g, " ") || "";

// A link inside a menu is gone when the drawer closes: the menu's button takes its place.
function returnable(element) {
  const menu = element?.closest("[popover]");
  if (!menu) return element;
  const buttons = document.querySelectorAll(`[popovertarget="${CSS.escape(menu.id)}"]`);
  return [...buttons].find((button) => button.checkVisibility()) ?? element;
}

function open(url, from) {
  if (!drawer.contains(from)) opener = { element: returnable(from), url };
  page.setAttribute("href", url);
  title.textContent = words(from);
  body.replaceChildren();
  fresh = true;
  if (!drawer.open) drawer.showModal();
  htmx.ajax("GET", url, { source: body, target: body, swap: "innerHTML" }).catch(() => {});
}

function name() {
  const given = body.querySelector("[data-title]");
  const heading = given ? null : body.querySelector("h1, h2");
  if (given) title.textContent = given.dataset.title;
  if (!heading) return;
  title.textContent = heading.textContent;
  heading.hidden = true;
}

function focus() {
  const form = body.firstElementChild?.closest("form") ?? body.querySelector("form.form");
  const field = "input:not([type=hidden]):not([tabindex='-1']), textarea, select:not([tabindex='-1'])";
  const first = body.querySelector("[autofocus]") ?? form?.querySelector(field);
  title.tabIndex = -1;
  (first ?? title).focus();
}

// What the page below has by the same id gets another one here, or labels would lead there.
function rename() {
  for (const element of body.querySelectorAll("[id]")) {
    const old = element.id;
    if (document.querySelectorAll(`#${CSS.escape(old)}`).length < 2) continue;
    element.id = `drawer-${old}`;
    for (const name of REFERS)
      for (const other of body.querySelectorAll(`[${name}]`)) {
        const value = other.getAttribute(name);
        if (value === old || value === `#${old}`)
          other.setAttribute(name, value.replace(old, element.id));
      }
  }
}

// Plain forms stay in the drawer too: their answer is shown where they were. One that fetches a file
// is left to the browser.
const PLAIN = "form:not([hx-post]):not([hx-get]):not([method=dialog]):not([data-file])";
function adopt() {
  for (const form of body.querySelectorAll(PLAIN)) {
    form.setAttribute(`hx-${form.method}`, form.getAttribute("action") || page.href);
    form.setAttribute("hx-target", "#drawer-body");
    htmx.process(form);
  }
}

if (drawer) {
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("[data-drawer], #drawer [data-cancel]");
    const other = event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
    if (!link || other || event.button || event.defaultPrevented) return;
    event.preventDefault();
    if (link.matches("[data-cancel]")) drawer.close();
    else open(link.getAttribute("href") ?? link.dataset.drawer, link);
  });
  document.addEventListener("drawer-open", ({ detail }) => open(detail.url, detail.from));
  document.addEventListener("drawer-close", () => drawer.close());
  document.addEventListener("htmx:afterSettle", () => {
    if (!body.firstElementChild) return;
    if (fresh) name();
    rename();
    adopt();
    if (fresh) focus();
    fresh = false;
  });
  for (const failure of ["htmx:responseError", "htmx:sendError", "htmx:timeout"])
    document.addEventListener(failure, ({ detail }) => {
      if (fresh && detail.target === body) drawer.close();
    });
  drawer.addEventListener("close", () => {
    const { element, url } = opener ?? {};
    body.replaceChildren();
    opener = null;
    const again = url && document.querySelector(`[data-drawer][href="${CSS.escape(url)}"]`);
    const back = element?.isConnected ? element : again || document.getElementById("main");
    back.focus({ preventScroll: true });
  });
}
