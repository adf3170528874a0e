"""Texts of the help as pages show them.

Raw HTML stays text, so that nothing in a text but Markdown makes markup. Links lead to a page by the
name of its endpoint, `[Today](page:dashboard.today)`, or to another topic, `[Today](help:today)`;
one to the outside begins with `https://`. All others, and those to pages that the reader may not open,
are shown as plain words.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

Leads = Callable[[str], str]
"""The attributes of a link to an address of a text; empty for one that leads nowhere."""
KEPT = 400  # texts, in all languages and of all packs


def shown(text: str, leads: Leads) -> Markup:
    """A text without its title."""
    tokens = parsed(text)[3:]  # a title opens, is there and closes
    markdown = _markdown()
    made = markdown.renderer.render(tokens, markdown.options, {"leads": leads, "open": []})
    return Markup(made)  # noqa: S704 - the renderer escapes all that the text says


def plain(text: str) -> list[str]:
    """What a text says, without its title and any marks, by paragraph; for the search."""
    return [words for words in map(_said, parsed(text)[3:]) if words]


def links(text: str) -> Iterator[str]:
    """The addresses that a text leads to."""
    for token in parsed(text):
        for child in token.children or ():
            if child.type == "link_open":
                yield str(child.attrs["href"])


def headings(text: str) -> list[str]:
    """How deep each heading of a text is: `h1`, `h2`."""
    return [token.tag for token in parsed(text) if token.type == "heading_open"]


@lru_cache(maxsize=KEPT)
def parsed(text: str) -> "Sequence[Token]":
    """A text in its pieces; read once."""
    return _markdown().parse(text)


def _said(token: "Token") -> str:
    shows = ("text", "code_inline")
    return "".join(
        child.content if child.type in shows else " " if child.type == "softbreak" else ""
        for child in token.children or ()
    )


@lru_cache(maxsize=1)
def _markdown() -> "MarkdownIt":
    from markdown_it import MarkdownIt

    markdown = MarkdownIt("commonmark", {"html": False}).disable("image")
    markdown.add_render_rule("link_open", _link_open)
    markdown.add_render_rule("link_close", _link_close)
    markdown.add_render_rule("code_inline", _key)
    return markdown


def _link_open(_self: Any, tokens: "Sequence[Token]", index: int, _options: Any, env: Any) -> str:
    attributes = env["leads"](str(tokens[index].attrs["href"]))
    env["open"].append(bool(attributes))
    return f"<a {attributes}>" if attributes else ""


def _link_close(
    _self: Any, _tokens: "Sequence[Token]", _index: int, _options: Any, env: Any
) -> str:
    return "</a>" if env["open"].pop() else ""


def _key(_self: Any, tokens: "Sequence[Token]", index: int, _options: Any, _env: Any) -> str:
    """What stands between backticks is what somebody types."""
    return f"<kbd>{escape(tokens[index].content)}</kbd>"
