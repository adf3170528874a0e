"""Whether a part is one element with an id, whichever way its conditions go.

The template is walked with a count of open elements. Each branch of a condition starts from where
the condition began, and all must come to the same end. A macro that is given an `id` may write the
root: `{% call form_for(…, id="firm") %}`. A file that only defines macros is no part.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from template_lint.markup import Block, End, Piece, Start, Text, Value

# What is between these is not shown here.
ASIDE = {"macro": "endmacro", "set": "endset"}
BRANCHED = {"if": "endif", "for": "endfor"}
GIVES_ID = re.compile(r"\bid\s*=")


@dataclass(frozen=True)
class Place:
    """Where the walk is: how many elements are open, how many roots there have been."""

    depth: int = 0
    roots: int = 0


@dataclass
class Branches:
    """A condition or loop: where it began, where its branches ended, whether one always runs."""

    line: int
    word: str
    before: Place
    ends: list[Place] = field(default_factory=list)
    complete: bool = False


def root_faults(pieces: Sequence[Piece]) -> Iterator[tuple[int, str]]:
    """Line and sentence for each way in which a part is not one element with an id."""
    place, open_branches, aside, macros = Place(), list[Branches](), "", 0
    for piece in pieces:
        if aside:
            aside = "" if isinstance(piece, Block) and piece.word == aside else aside
        elif isinstance(piece, Block) and is_aside(piece):
            aside = ASIDE[piece.word]
            macros += piece.word == "macro"
        else:
            if place.depth == 0:
                yield from _at_root(piece)
            if isinstance(piece, Block):
                place = yield from _at_block(piece, place, open_branches)
            place = _after(piece, place)
    if place.depth:
        yield pieces[-1].line, "an element is not closed"
    elif place.roots != 1 and not (macros and place.roots == 0):
        yield 1, f"a part is one element, not {place.roots}"


def is_aside(block: Block) -> bool:
    """Whether a block keeps what follows for later: a macro, or `set` without a value."""
    return block.word == "macro" or (
        block.word == "set" and not re.search(r"(?<!=)=(?!=)", block.rest)
    )


def _after(piece: Piece, place: Place) -> Place:
    """Where the walk is after a piece. A `call` block is an element that a macro writes."""
    match piece:
        case Start(closed=closed):
            return Place(place.depth + (not closed), place.roots + (place.depth == 0))
        case Block(word="call"):
            return Place(place.depth + 1, place.roots + (place.depth == 0))
        case End() | Block(word="endcall"):
            return replace(place, depth=place.depth - 1)
        case Value() if place.depth == 0:
            return replace(place, roots=place.roots + 1)
    return place


def _at_root(piece: Piece) -> Iterator[tuple[int, str]]:
    """What is wrong with a piece that stands in no element."""
    match piece:
        case Start(tag=tag) if not piece.get("id"):
            yield piece.line, f"the root <{tag}> of a part needs an id"
        case Block(word="call", rest=words) | Value(expression=words) if not GIVES_ID.search(words):
            yield piece.line, "a macro that writes the root of a part is given its id"
        case Text():
            yield piece.line, "a part shows nothing outside its root element"
        case Block(word="include" | "extends" as word):
            yield piece.line, f"a part writes its root element itself, not by `{word}`"


def _at_block(
    block: Block, place: Place, open_branches: list[Branches]
) -> Iterator[tuple[int, str]]:
    """Go on with a branch; returns the place, yields what is wrong."""
    if block.word in BRANCHED:
        open_branches.append(Branches(block.line, block.word, place))
    elif block.word in {"elif", "else"} and open_branches:
        branches = open_branches[-1]
        branches.ends.append(place)
        branches.complete = block.word == "else" and branches.word == "if"
        return branches.before
    elif block.word in BRANCHED.values() and open_branches:
        branches = open_branches.pop()
        ends = {*branches.ends, place} | (set() if branches.complete else {branches.before})
        if len(ends) > 1:
            yield branches.line, f"the ways through this `{branches.word}` leave different elements"
        return place
    return place
