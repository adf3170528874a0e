"""The help for a reader: what they are shown, what belongs to a page, and the search."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from flask import request, url_for
from markupsafe import Markup, escape
from werkzeug.routing import BuildError

from crmlite import hooks
from crmlite.access import PUBLIC, can
from crmlite.access.gate import SIGNED_IN, requirement
from crmlite.help import markdown
from crmlite.help.topics import GROUPS, HelpTopic
from crmlite.wording import label, language

BEFORE, AFTER = 30, 110  # characters around what was found
WORD = 15
KEPT = 400


@dataclass(frozen=True, slots=True)
class Found:
    """A topic that a search found; `pieces` are a part of its text, with whether each was looked for."""

    topic: HelpTopic
    title: str
    pieces: Sequence[tuple[str, bool]]


def topics() -> list[HelpTopic]:
    """What the reader is shown, in the order of the groups."""
    places = list(GROUPS)
    given = [topic for topic in hooks.gathered("register_help") if _is_shown(topic)]
    return sorted(given, key=lambda topic: (places.index(topic.group), topic.weight))


def topics_by_group() -> Mapping[str, Sequence[HelpTopic]]:
    """The same, by the name of the group for people."""
    groups: dict[str, list[HelpTopic]] = {}
    for topic in topics():
        groups.setdefault(label(GROUPS[topic.group]), []).append(topic)
    return groups


def topic_called(name: str) -> HelpTopic | None:
    """A topic that the reader is shown; None for others."""
    topic = hooks.by_name("register_help").get(name)
    return topic if topic is not None and _is_shown(topic) else None


def topic_of(endpoint: str | None) -> HelpTopic | None:
    """What belongs to a page, if the reader is shown it; crmlite's own topic before those of packs."""
    for topic in hooks.gathered("register_help"):
        if endpoint in topic.endpoints:
            return topic if _is_shown(topic) else None
    return None


def help_here() -> str:
    """Where the question mark of the page in hand leads."""
    topic = topic_of(request.endpoint)
    return url_for("help.show", name=topic.name) if topic else url_for("help.index")


def text_of(topic: HelpTopic) -> str:
    """The text of a topic in the reader's language."""
    return topic.texts[language()]


def shown(topic: HelpTopic, *, in_drawer: bool) -> Markup:
    """The text of a topic as its page shows it; links to topics stay in the drawer."""

    def leads(address: str) -> str:
        kind, _, name = address.partition(":")
        if kind == "help" and topic_called(name):
            return _leads_to(url_for("help.show", name=name), "data-drawer" if in_drawer else "")
        if kind == "page" and _may_open(name):
            return _to_page(name)
        if address.startswith("https://"):
            return _leads_to(address, 'rel="noopener noreferrer"')
        return ""

    return markdown.shown(text_of(topic), leads)


def search(asked: str) -> list[Found]:
    """The topics that have all words that were asked for, first those with them in the title."""
    words = _plain(asked).split()
    if not words:
        return []
    found: list[tuple[int, Found]] = []
    for topic in topics():
        title, text = label(topic.title), text_of(topic)
        in_title = [word in _plain(title) for word in words]
        in_text = [word in _kept_plain(text) for word in words]
        if all(map(max, in_title, in_text)):
            rank = 0 if all(in_title) else 1 if any(in_title) else 2
            found.append((rank, Found(topic, title, _pieces(text, words))))
    return [one for _rank, one in sorted(found, key=lambda pair: pair[0])]


def _is_shown(topic: HelpTopic) -> bool:
    return not topic.endpoints or any(map(_may_open, topic.endpoints))


def _may_open(endpoint: str) -> bool:
    need = requirement(endpoint)
    return need is not None and (need in (PUBLIC, SIGNED_IN) or can(need))


def _leads_to(url: str, more: str = "") -> str:
    return f'href="{escape(url)}" {more}'.strip()


def _to_page(endpoint: str) -> str:
    try:
        return _leads_to(url_for(endpoint))
    except BuildError:  # a page of one customer, say: a text knows none
        return ""


def _pieces(text: str, words: Sequence[str]) -> list[tuple[str, bool]]:
    """The part of a text around the first of the words in it; its beginning where it has none."""
    wanted = re.compile(
        "|".join(map(re.escape, sorted(words, key=len, reverse=True))), re.IGNORECASE
    )
    paragraphs = markdown.plain(text)
    said = next((one for one in paragraphs if wanted.search(one)), next(iter(paragraphs), ""))
    first = wanted.search(said)
    start = max(0, first.start() - BEFORE) if first else 0
    end = start + BEFORE + AFTER
    start = said.rfind(" ", max(0, start - WORD), start) + 1 or start  # no word is cut
    end = max(said.find(" ", end, end + WORD), end)
    part = ("…" if start else "") + said[start:end] + ("…" if end < len(said) else "")
    return list(_split(part, wanted))


def _split(part: str, wanted: re.Pattern[str]) -> Iterator[tuple[str, bool]]:
    done = 0
    for hit in wanted.finditer(part):
        if hit.start() > done:
            yield part[done : hit.start()], False
        yield hit[0], True
        done = hit.end()
    if done < len(part):
        yield part[done:], False


@lru_cache(maxsize=KEPT)
def _kept_plain(text: str) -> str:
    return _plain("\n".join(markdown.plain(text)))


def _plain(text: str) -> str:
    """A text without what is typed in two ways: capitals, full-width letters."""
    return unicodedata.normalize("NFKC", text).casefold()
