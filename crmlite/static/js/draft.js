// Keeps what is typed in form[data-draft] until it is saved, and puts it back when the page was lost; and a
// fact that is being typed while its page renews itself.

const PREFIX = "crmlite.draft.";
const SKIPPED = "[type=password], [type=file], [type=hidden], [data-nodraft], [data-nodraft] *";
const texts = document.getElementById("texts")?.dataset ?? {};
const person = document.body.dataset.person ?? "";
const space = `${PREFIX}${person}.`;

const kept = () => Object.keys(sessionStorage).filter((name) => name.startsWith(PREFIX));
const key = (form) => space + form.dataset.draft;
const read = (form) => JSON.parse(sessionStorage.getItem(key(form)) ?? "null");
const write = (form, draft) => sessionStorage.setItem(key(form), JSON.stringify(draft));
const drop = (form) => sessionStorage.removeItem(key(form));
const version = (form) => form.querySelector("input[type=hidden][name=version]");
const lineOf = (name) => name.match(/^lines-(\d+)-/)?.[1];
const controls = (form, name) =>
  [...form.elements].filter((control) => control.name === name && !control.matches(SKIPPED));

function values(form, name) {
  return controls(form, name).flatMap((control) => {
    if (/^(checkbox|radio)$/.test(control.type)) return control.checked ? [control.value] : [];
    if (control.multiple) return [...control.selectedOptions].map((option) => option.value);
    return [control.value];
  });
}

function put(form, name, wanted) {
  for (const [place, control] of controls(form, name).entries()) {
    if (/^(checkbox|radio)$/.test(control.type)) control.checked = wanted.includes(control.value);
    else if (control.multiple)
      for (const option of control.options) option.selected = wanted.includes(option.value);
    else control.value = wanted[place] ?? "";
    control.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

function keep({ target }) {
  const form = target.form;
  if (!form?.dataset.draft || !target.name || target.matches(SKIPPED)) return;
  const draft = read(form) ?? { version: version(form)?.value, fields: {} };
  draft.fields[target.name] = values(form, target.name);
  write(form, draft);
}

// All that stands in a form whose lines were changed, so that a draft has these lines and no others, and
// each is the line of the book that it was.
const ids = (form) => [...form.querySelectorAll("[name^='lines-'][name$='-line']")];
function keepLines(form) {
  const names = [...form.elements].filter(({ name, type }) => name && type !== "submit")
    .map((control) => control.name);
  const fields = [...new Set(names)].filter((name) => controls(form, name).length)
    .map((name) => [name, values(form, name)]);
  const lines = ids(form).map(({ name, value }) => [name, value]);
  write(form, { version: version(form)?.value, ...read(form), fields: Object.fromEntries(fields), lines });
}

// As many lines as were typed: those of the draft, and where its lines were changed no others. Answers
// whether there were more or fewer.
function reline(form, { fields, lines }) {
  const shown = () => [...form.querySelectorAll("[data-lines] .line")];
  const at = (line) => lineOf(line.querySelector("[name]").name);
  const wanted = new Set(Object.keys(fields).map(lineOf).filter(Boolean));
  if (!shown().length || !wanted.size) return false;
  const missing = [...wanted].filter((index) => !shown().some((line) => at(line) === index));
  for (const index of missing) addLine(shown(), at, index);
  const left = lines ? shown().filter((line) => !wanted.has(at(line))) : [];
  for (const line of left) line.remove();
  const known = new Map(lines);
  for (const id of ids(form)) if (known.has(id.name)) id.value = known.get(id.name);
  return missing.length + left.length > 0;
}

function addLine(shown, at, index) {
  const last = shown.at(-1);
  last.insertAdjacentHTML("afterend", last.outerHTML.replaceAll(`lines-${at(last)}-`, `lines-${index}-`));
  const line = last.nextElementSibling;
  for (const named of [line, ...line.querySelectorAll("[aria-label]")])
    for (const name of ["aria-label", "title"])
      if (named.hasAttribute(name))
        named.setAttribute(name, named.getAttribute(name).replace(/\d+/, shown.length + 1));
  for (const control of line.querySelectorAll("[name^='lines-']")) control.value = "";
  line.querySelector("button[value]").value = index;
  line.querySelector("output").textContent = "–";
  htmx.process(line);
}

// With it comes the version it was typed over: a later change by others is still noticed.
function restore(form) {
  const draft = form.querySelector("[data-summary]") ? null : read(form);
  if (!draft) return;
  const relined = reline(form, draft);
  const differs = Object.entries(draft.fields).filter(([name, wanted]) =>
    controls(form, name).length && String(values(form, name)) !== String(wanted));
  if (!differs.length && !relined) return;
  const before = differs.map(([name]) => [name, values(form, name)]);
  const field = version(form);
  const shown = field?.value;
  for (const [name, wanted] of differs) put(form, name, wanted);
  if (field && draft.version) field.value = draft.version;
  const run = () => {
    const fetched = { target: form, swap: "outerHTML" };
    if (draft.lines) htmx.ajax("GET", form.getAttribute("action"), fetched).catch(() => {});
    else for (const [name, wanted] of before) put(form, name, wanted);
    if (field) field.value = shown;
    drop(form);
  };
  const note = form.querySelector("[data-draft-note]");
  if (note) {
    note.hidden = false;
    note.querySelector("[data-draft-drop]").onclick = () => { run(); note.hidden = true; };
    return;
  }
  const detail = { text: texts.restored, action: { label: texts.discard, run } };
  document.dispatchEvent(new CustomEvent("toast", { detail }));
}

// After a plain submit an error page or the same form means "not saved", all else "saved".
function settle() {
  const failed = document.querySelector("[data-wrong]");
  const [entry] = performance.getEntriesByType("navigation");
  for (const name of kept()) {
    const draft = JSON.parse(sessionStorage.getItem(name));
    if (person && !name.startsWith(space)) sessionStorage.removeItem(name);
    else if (!draft.sent) continue;
    else if (!person || failed || entry?.type === "back_forward" || again(name))
      sessionStorage.setItem(name, JSON.stringify({ ...draft, sent: false }));
    else sessionStorage.removeItem(name);
  }
}
const again = (name) => [...document.querySelectorAll("form[data-draft]")].some((form) =>
  key(form) === name && form.querySelector("[data-summary]"));

document.addEventListener("input", keep);
document.addEventListener("change", keep);
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.matches("[data-forget]")) kept().forEach((name) => sessionStorage.removeItem(name));
  if (event.defaultPrevented || !form.dataset.draft || !read(form)) return;
  write(form, { ...read(form), sent: true });
});
// Before its answer is shown, or the draft would come back in it; afterwards if the form is gone.
// A button that [data-keeps] gave it a line or took one away, and nothing was saved.
let changed = "";
for (const moment of ["htmx:beforeOnLoad", "htmx:afterRequest"])
  document.addEventListener(moment, ({ detail }) => {
    const { elt: form, verb, triggeringEvent } = detail.requestConfig;
    const saved = verb !== "get" && detail.xhr.status >= 200 && detail.xhr.status < 400;
    if (!saved || !form.matches("form[data-draft]")) return;
    if (!triggeringEvent?.submitter?.matches("[data-keeps]")) drop(form);
    else if (moment === "htmx:beforeOnLoad") changed = key(form);
  });
function meet(form) {
  if (changed === key(form)) keepLines(form);
  else restore(form);
  changed = "";
}
document.addEventListener("htmx:load", ({ detail: { elt } }) => {
  if (elt.matches("form[data-draft]")) meet(elt);
  elt.querySelectorAll("form[data-draft]").forEach(meet);
});
// Saving one fact makes no conflict of another that stands as it did when its field was opened.
const stood = (form) => JSON.stringify([...form.elements]
  .filter(({ name, type }) => name && type !== "hidden")
  .map(({ options, defaultValue, defaultChecked }) => options
    ? [...options].filter((option) => option.defaultSelected).map((option) => option.value)
    : [defaultValue, defaultChecked]));
async function renew(form) {
  const answer = await fetch(form.getAttribute("action"), { headers: { "HX-Request": "true" } });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector("dd.open form");
  if (fresh && stood(fresh) === stood(form)) version(form).value = version(fresh).value;
}

// A fact that is being typed in its place stays when the facts around it renew themselves.
let open = [];
document.addEventListener("htmx:beforeSwap", ({ detail: { target } }) => {
  open = target.id === "record-aside" ? [...target.querySelectorAll("dd.open")] : [];
});
document.addEventListener("htmx:afterSwap", () => {
  for (const fact of open.splice(0)) {
    const place = document.getElementById(fact.id);
    if (!place || place === fact) continue;
    place.closest("details")?.setAttribute("open", "");
    place.replaceWith(fact);
    htmx.process(fact);
    renew(fact.querySelector("form")).catch(() => {}); // the book says later what is in the way
  }
});
settle();
document.querySelectorAll("form[data-draft]").forEach(restore);
