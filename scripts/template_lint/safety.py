"""What the content security policy forbids, or what would let people's text act as markup."""

import re
from collections.abc import Iterator, Sequence

from template_lint.markup import VALUE, Attribute, Piece, Start

# In expressions; the reason is what to do instead.
FORBIDDEN = {
    r"\|\s*safe\b": "`|safe` trusts text: let it be escaped, or write a macro",
    r"\bMarkup\s*\(": "`Markup(` trusts text: let it be escaped, or write a macro",
    r"\{%-?\s*autoescape\b": "`autoescape` stays on",
}
JAVASCRIPT = re.compile(r"\s*(js|javascript)\s*:", re.IGNORECASE)
ELSEWHERE = re.compile(r"\s*(https?:)?//")
# Attributes whose address the browser loads by itself.
LOADED = {("link", "href"), ("script", "src"), ("img", "src"), ("iframe", "src"), ("source", "src")}


def unsafe(source: str, pieces: Sequence[Piece]) -> Iterator[tuple[int, str]]:
    """Line and sentence for each unsafe thing."""
    for pattern, sentence in FORBIDDEN.items():
        for match in re.finditer(pattern, source):
            yield source.count("\n", 0, match.start()) + 1, sentence
    for piece in pieces:
        if isinstance(piece, Start):
            for sentence in _in_element(piece):
                yield piece.line, sentence


def _in_element(start: Start) -> Iterator[str]:
    if start.tag == "style":
        yield "<style> is inline: put it into the style sheet"
    if start.tag == "script" and start.get("src") is None:
        yield "<script> without src is inline: put it into a file"
    if start.get("target") == "_blank" and "noopener" not in (start.get("rel") or ""):
        yield 'target="_blank" needs rel="noopener"'
    if "every " in (start.get("hx-trigger") or "") and "X-Timed" not in (
        start.get("hx-headers") or ""
    ):
        yield "hx-trigger asks by the clock and would keep people signed in: use `looks_again`"
    for attribute in start.attributes:
        yield from _in_attribute(start, attribute)


def _in_attribute(start: Start, attribute: Attribute) -> Iterator[str]:
    name, value = attribute.name.lower().removeprefix("data-hx-"), attribute.value or ""
    if name == "style":
        yield "style= is inline: use a class"
    if name.startswith("on") or "hx-on" in attribute.name:
        yield f"{attribute.name}= is an inline handler: put it into a script"
    if JAVASCRIPT.match(value):
        yield f"{attribute.name}= holds JavaScript: put it into a script"
    if name in {"hx-vars", "hx-ext"}:
        yield f"{name} is not used: hx-vals takes JSON, extensions are not loaded"
    if name.endswith("trigger") and "[" in value:
        yield "hx-trigger has a filter `[…]`, which needs eval and fails open"
    if (start.tag, name) in LOADED and ELSEWHERE.match(value):
        yield f"{attribute.name}= loads from another host: carry the file along"
    if not attribute.quoted and attribute.value is not None:
        yield f"{attribute.name.replace(VALUE, '{{ … }}')}= is not quoted"
