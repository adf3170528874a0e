// Says what became of a request: failures in a toast, wrong fields by focus, running ones as busy.

const NAMES = { 403: "forbidden", 404: "gone", 410: "gone", 413: "large", 429: "busy", 503: "busy" };
const SCROLLERS = ".tabs, .path, .seg, .wide";
const RELEASE = 5000; // a download leaves the page where it is: its form must not stay busy
let left = null;

const texts = () => document.getElementById("texts")?.dataset ?? {};
const say = (text) =>
  document.dispatchEvent(new CustomEvent("toast", { detail: { text, kind: "error" } }));

document.addEventListener("htmx:responseError", ({ detail: { xhr } }) => {
  if (xhr.getResponseHeader("HX-Trigger")?.includes('"toast"')) return;
  const page = new DOMParser().parseFromString(xhr.responseText, "text/html");
  const said = page.querySelector("[data-wrong]")?.dataset.wrong;
  say(said || texts()[NAMES[xhr.status] ?? "failed"]);
});
document.addEventListener("htmx:sendError", ({ detail }) =>
  say(detail.requestConfig.verb === "get" ? texts().unreached : texts().offline));
document.addEventListener("htmx:timeout", () => say(texts().slow));

// Busy: no second submit while the first one runs.
function mark(on, ...elements) {
  for (const element of elements)
    if (element?.matches?.("form, button, a, .tbl, .drawer-body")) element.ariaBusy = on || null;
}
for (const kind of ["submit", "click"])
  document.addEventListener(kind, (event) => {
    const pressed = kind === "submit" ? event.target : event.target.closest?.("button, a");
    if (pressed?.ariaBusy !== "true") return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }, true);
document.addEventListener("submit", (event) => {
  if (event.defaultPrevented || event.target.method === "dialog") return;
  const busy = [event.target, event.submitter];
  // After this turn, or the button's own name and value would not be sent.
  setTimeout(mark, 0, true, ...busy);
  setTimeout(mark, RELEASE, false, ...busy);
});
addEventListener("pageshow", () => mark(false, ...document.querySelectorAll("[aria-busy]")));
const parties = ({ requestConfig, elt, target }) =>
  [requestConfig.elt ?? elt, requestConfig.triggeringEvent?.submitter, target];
document.addEventListener("htmx:beforeRequest", ({ detail }) => mark(true, ...parties(detail)));
document.addEventListener("htmx:afterRequest", ({ detail }) => {
  if (!detail.xhr.getResponseHeader("HX-Redirect")) mark(false, ...parties(detail));
});

// Focus and the scroll of rows of tabs stay where they were, however much was swapped.
const same = (element) =>
  element.id ? `#${CSS.escape(element.id)}` : element.localName +
    ["name", "value", "href", "type", "aria-label"].filter((name) => element.hasAttribute(name))
      .map((name) => `[${name}="${CSS.escape(element.getAttribute(name))}"]`).join("");
const scrollers = (element) =>
  [...element.querySelectorAll(SCROLLERS), ...(element.matches(SCROLLERS) ? [element] : [])];

document.addEventListener("htmx:beforeSwap", ({ detail: { target } }) => {
  const active = document.activeElement;
  left = {
    focus: target.contains(active) && active !== document.body ? same(active) : "",
    scroll: scrollers(target).map((element) => element.scrollLeft),
  };
});
document.addEventListener("htmx:afterSwap", ({ detail: { elt } }) => {
  scrollers(elt).forEach((element, place) => { element.scrollLeft = left?.scroll[place] ?? 0; });
});
document.addEventListener("htmx:afterSettle", ({ detail: { elt, xhr } }) => {
  if (elt.closest(".side")) return; // a count that came along
  const was = left;
  left = null;
  const wrong = ["[data-summary]", "[aria-invalid=true]"].map((selector) =>
    elt.matches(selector) ? elt : elt.querySelector(selector)).find(Boolean);
  if (wrong && [409, 422].includes(xhr?.status)) return wrong.focus();
  if (!was?.focus || document.activeElement !== document.body) return;
  const again = elt.matches(was.focus) ? elt : elt.querySelector(was.focus);
  if (!again) elt.tabIndex = -1;
  (again ?? elt).focus({ preventScroll: true });
});
document.querySelector("[data-summary]")?.focus();
