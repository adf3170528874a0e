"""Files as browsers send them: looked at one by one, and kept where they are taken."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from crmlite.files import keeping
from crmlite.files.content import ARCHIVE, PROGRAM, content_of
from crmlite.files.limits import AT_ONCE, Limits
from crmlite.files.names import cleaned
from crmlite.files.operations import Kept
from crmlite.files.wording import reason, size_words


@dataclass(slots=True)
class Taken:
    """What became of some files: those that were kept, and a sentence for each that was not."""

    kept: list[Kept] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


def take(sent: Sequence[Any], limits: Limits, there: Collection[tuple[str, str]]) -> Taken:
    """Keep the files that may be attached; `there` are name and SHA-256 of those that are. What was
    kept and is not attached must be discarded. Raises StorageFull, having kept none."""
    taken = Taken()
    known = set(there)
    try:
        for place, (name, stream) in enumerate(_named(sent)):
            if place == AT_ONCE:
                taken.refused.append(reason("many", name, AT_ONCE))
                break
            if sentence := _one(name, stream, limits, known, taken):
                taken.refused.append(sentence)
    except BaseException:
        keeping.discard([file.uid for file in taken.kept])
        raise
    return taken


def _named(sent: Sequence[Any]) -> Iterator[tuple[str, BinaryIO]]:
    """The files that were chosen: an empty field sends one without a name and without content."""
    for file in sent:
        if file.filename or file.stream.read(1):
            yield cleaned(file.filename or ""), file.stream


def _one(
    name: str, stream: BinaryIO, limits: Limits, known: set[tuple[str, str]], taken: Taken
) -> str:
    """Keep one file, or say why not."""
    size = stream.seek(0, 2)
    if not size:
        return reason("empty", name)
    if size > limits.one:
        return reason("large", name, size_words(limits.one))
    content = content_of(stream, name)
    if content.family == PROGRAM:
        return reason("program", name)
    if content.family not in limits.families:
        return reason("archive" if content.family == ARCHIVE else "kind", name)
    uid, size, digest = keeping.keep(stream)
    if (name, digest) in known:
        keeping.discard([uid])
        return reason("there", name)
    known.add((name, digest))
    taken.kept.append(
        Kept(uid=uid, name=name, size=size, sha256=digest, media_type=content.media_type)
    )
    return ""
