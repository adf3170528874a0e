"""Texts for people that do not go through gettext."""

import re
from collections.abc import Iterator, Sequence

from jinja2 import nodes

from template_lint.markup import ENVIRONMENT, VALUE, Block, End, Piece, Start, Text

GETTEXT = {"_", "gettext", "ngettext", "pgettext", "npgettext"}
# The same in every language: languages by their own names, the product, units of the page.
SAME_EVERYWHERE = {"English", "简体中文", "crmlite"}
# Names of keys, as they are printed on keyboards.
KEYS = {"Ctrl", "Shift", "Alt", "Enter", "Esc", "Tab"}
SPOKEN = {
    "title", "placeholder", "alt", "label", "aria-label", "aria-description", "aria-valuetext",
    "aria-roledescription", "aria-placeholder", "hx-confirm", "hx-prompt",
}  # fmt: skip
# Elements whose text is no language: keys, code, and what the browser never shows.
MUTE = {"kbd", "code", "script", "style"}
# What a macro writes that makes attributes: `-hint" aria-invalid="true"`.
WRITTEN_ATTRIBUTES = re.compile(r'[\w#./-]*"?(\s*[\w-]+="[\w#./: -]*"?)*')
SENTENCE = re.compile(r"[A-Z][A-Za-z]*[a-z][A-Za-z]*|.*[\u4e00-\u9fff]")


def untranslated(source: str, pieces: Sequence[Piece]) -> Iterator[tuple[int, str]]:
    """Line and sentence for each text that stays the same when the language changes."""
    yield from _in_markup(pieces)
    tree = ENVIRONMENT.parse(source)
    yield from _in_expressions(tree)


def _in_markup(pieces: Sequence[Piece]) -> Iterator[tuple[int, str]]:
    mute, translated = 0, False
    for piece in pieces:
        if isinstance(piece, Block) and piece.word in {"trans", "endtrans"}:
            translated = piece.word == "trans"
        elif isinstance(piece, Start):
            mute += piece.tag in MUTE
            for attribute in piece.attributes:
                value = attribute.value or ""
                if attribute.name in SPOKEN and is_language(value.replace(VALUE, "")):
                    yield piece.line, f"{attribute.name}={value!r} is not translated"
        elif isinstance(piece, End):
            mute -= piece.tag in MUTE
        elif isinstance(piece, Text) and not mute and not translated and is_language(piece.text):
            yield piece.line, f"{piece.text!r} is not translated"


def is_language(text: str) -> bool:
    """Whether a text has words in it that a reader of another language would not understand."""
    if '"' in text and WRITTEN_ATTRIBUTES.fullmatch(text):
        return False
    return any(character.isalpha() for character in text) and text not in SAME_EVERYWHERE


def _in_expressions(node: nodes.Node) -> Iterator[tuple[int, str]]:
    """Texts in `{{ … }}` and `{% … %}` that look like a label or a sentence."""
    if isinstance(node, nodes.Const):
        if isinstance(node.value, str) and is_label(node.value):
            yield node.lineno, f"{node.value!r} is not translated"
        return
    for child in node.iter_child_nodes(exclude=not_shown(node)):
        yield from _in_expressions(child)


def not_shown(node: nodes.Node) -> tuple[str, ...]:
    """The fields of a node whose texts are not for people, or are translated."""
    match node:
        case nodes.Call(node=nodes.Name(name=name)) if name in GETTEXT:
            return ("args", "kwargs", "dyn_args", "dyn_kwargs")
        case nodes.Compare() | nodes.Test():
            return tuple(node.fields)
        case nodes.Getitem():
            return ("arg",)
        case nodes.Pair():
            return ("key",)
    return ()


def is_label(text: str) -> bool:
    """Whether a text begins like one for people, and is neither a key nor a proper name."""
    words = {word for word in text.split() if len(word) > 1}
    return bool(SENTENCE.match(text)) and not (words <= KEYS) and text not in SAME_EVERYWHERE
