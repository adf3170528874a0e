"""A template taken apart: its tags, its texts, its Jinja blocks and values, in order.

Jinja's own lexer splits the template. Each block and each value then becomes one private character
in the HTML around it, which is read as HTML; what stands for what is put back afterwards.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from html.parser import HTMLParser

import jinja2

ENVIRONMENT = jinja2.Environment(extensions=["jinja2.ext.i18n", "jinja2.ext.do"])
FIRST = 0xE000
VALUE = "\uf8ff"  # stands for any value in an attribute
STAND_IN = re.compile("[\ue000-\uf8fe]")
ATTRIBUTE = re.compile(r"""([^\s=>/"']+)(?:\s*(=)\s*("[^"]*"|'[^']*'|[^\s>]*))?""")
VOID = frozenset(
    "area base br col embed hr img input link meta source track wbr"
    " path use circle rect line polyline polygon ellipse".split()
)


@dataclass(frozen=True)
class Attribute:
    """One attribute; `value` has VALUE where the template puts something in, None without `=`."""

    name: str
    value: str | None
    quoted: bool = True


@dataclass(frozen=True)
class Start:
    """The start of an element; `closed` when it has no content."""

    line: int
    tag: str
    attributes: tuple[Attribute, ...]
    closed: bool

    def get(self, name: str) -> str | None:
        """The value of an attribute, None when it is not there."""
        return next((a.value or "" for a in self.attributes if a.name == name), None)


@dataclass(frozen=True)
class End:
    """The end of an element."""

    line: int
    tag: str


@dataclass(frozen=True)
class Text:
    """What is between two tags or blocks, as it is shown."""

    line: int
    text: str


@dataclass(frozen=True)
class Block:
    """`{% word … %}`, with the words after the first in `rest`."""

    line: int
    word: str
    rest: str


@dataclass(frozen=True)
class Value:
    """`{{ … }}`."""

    line: int
    expression: str


Piece = Start | End | Text | Block | Value


@cache
def pieces(source: str) -> tuple[Piece, ...]:
    """The template in order. Raises jinja2.TemplateSyntaxError."""
    reader = _Reader()
    for line, kind, text in _tokens(source):
        reader.take(line, kind, text)
    reader.close()
    return tuple(reader.found)


def _tokens(source: str) -> Iterator[tuple[int, str, str]]:
    """The template as (line, "data" | "block" | "variable", text), without comments."""
    inside: list[str] = []
    begun = 0
    for line, token, text in ENVIRONMENT.lex(source):
        name, _, end = token.partition("_")
        if end == "begin":
            inside, begun = [], line
        elif name in {"block", "variable"} and end == "end":
            yield begun, name, "".join(inside).strip()
        elif token == "data":
            yield line, token, text
        else:
            inside.append(text)


class _Reader(HTMLParser):
    """Reads the HTML, with stand-ins for blocks and values, and puts these back."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[Piece] = []
        self._stand_ins: list[Block | Value] = []
        self._line = 1

    def take(self, line: int, kind: str, text: str) -> None:
        """Read on. Lines that are not HTML are made up for, so that places stay right."""
        self.feed("\n" * (line - self._line))
        self._line = max(line, self._line)
        if kind == "data":
            self._line += text.count("\n")
            self.feed(text)
            return
        word = re.match(r"\w*", text)[0]
        block = Block(line, word, text[len(word) :].strip())
        self._stand_ins.append(block if kind == "block" else Value(line, text))
        self.feed(chr(FIRST + len(self._stand_ins) - 1))

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self._start(tag, closed=tag in VOID)

    def handle_startendtag(self, tag: str, attrs: object) -> None:
        self._start(tag, closed=True)

    def handle_endtag(self, tag: str) -> None:
        self.found.append(End(self.getpos()[0], tag))

    def handle_data(self, data: str) -> None:
        line = self.getpos()[0]
        for part in re.split(f"({STAND_IN.pattern})", data):
            if STAND_IN.fullmatch(part):
                self.found.append(self._stand_ins[ord(part) - FIRST])
            elif part.strip():
                blank = part[: len(part) - len(part.lstrip())]
                self.found.append(Text(line + blank.count("\n"), part.strip()))
            line += part.count("\n")

    def _start(self, tag: str, *, closed: bool) -> None:
        inside = (self.get_starttag_text() or "").removeprefix(f"<{tag}").rstrip("/>")
        plain = STAND_IN.sub(self._as_attribute, inside)
        attributes = tuple(
            Attribute(name, given.strip("\"'") if equals else None, given[:1] in {'"', "'"})
            for name, equals, given in ATTRIBUTE.findall(plain)
        )
        self.found.append(Start(self.getpos()[0], tag, attributes, closed))

    def _as_attribute(self, match: re.Match[str]) -> str:
        """What a stand-in is within a tag: a value, or nothing but the end of a word."""
        return VALUE if isinstance(self._stand_ins[ord(match[0]) - FIRST], Value) else " "
