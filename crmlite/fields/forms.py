"""The forms in which managers say what is recorded: a new field, one of theirs, one of a pack."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from crmlite.fields.catalogue import FieldLine
from crmlite.fields.drafts import ChoiceDraft, FieldDraft
from crmlite.fields.record_types import ASKED_OF, KINDS
from crmlite.forms import Check, Choice, Form, LongText, RecordForm, Text
from crmlite.forms.labels import one_at_least
from crmlite.rules.fields import has_any_words, is_sealed
from crmlite.rules.kinds import KINDS as TRAITS
from crmlite.rules.values import BETWEEN_VALUES
from crmlite.wording import label

LONGEST_LABEL, LONGEST_HINT, MOST_CHOICES = 60, 200, 200
CHOSEN = ("choice", "choices")
SLASHES = "/／|｜"
OTHER_LANGUAGE = tuple(re.compile(f"{blank}[{SLASHES}]{blank}") for blank in (r"\s+", r"\s*"))
HAN = re.compile(r"[\u3400-\u9fff]")
WORDED = ("label", "hint", "group")
Words = dict[str, str]


class Named:
    """What every field is asked: its label, a hint and a heading, in one language at least."""

    def words(self, name: str) -> Words | None:
        """One of them in its languages; None for nothing."""
        given = {lang: self[f"{name}_{lang}"].data for lang in ("en", "zh")}  # type: ignore[index]
        return {lang: text for lang, text in given.items() if text} or None

    def validate_label_en(self, field: Text) -> None:
        """In one language at least."""
        one_at_least(self, field, _("Please give a name in one language at least."))

    validate_label_zh = validate_label_en


def _named() -> dict[str, Any]:
    return {
        "label_zh": Text(_l("Label in Chinese"), most=LONGEST_LABEL),
        "label_en": Text(_l("Label in English"), most=LONGEST_LABEL),
        "hint_zh": Text(_l("Hint in Chinese"), most=LONGEST_HINT),
        "hint_en": Text(_l("Hint in English"), most=LONGEST_HINT),
        "group_zh": Text(_l("Grouped under, in Chinese"), most=LONGEST_LABEL),
        "group_en": Text(_l("Grouped under, in English"), most=LONGEST_LABEL),
    }


class OfChoices(Named):
    """What the choices of a field are called, where it has some."""

    def chosen_kind(self) -> str:
        """The kind of the field."""
        raise NotImplementedError

    def choices_fit(
        self, drafts: Sequence[ChoiceDraft], there: Sequence[Mapping[str, Any]]
    ) -> bool:
        """Whether these choices can be kept, `there` being those there are; what cannot is blamed."""
        wrong = self._wrong_with(drafts, there)
        if wrong:
            self.blame("more" if "more" in self else None, wrong)  # type: ignore[attr-defined, operator]
        return not wrong

    def _wrong_with(self, drafts: Sequence[ChoiceDraft], there: Sequence[Mapping[str, Any]]) -> str:
        """Why these choices cannot be kept, `there` being those there are; empty for none."""
        if not all(has_any_words(one.label) for one in drafts):
            return _("Please give each choice a name in one language at least.")
        words = [text.casefold() for one in drafts for text in set(one.label.values())]
        if too_long := [w for w in words if len(w) > LONGEST_LABEL]:
            return _("“%(words)s …” is too long for a choice.", words=too_long[0][:20])
        if double := [w for w in words if words.count(w) > 1]:
            return _("“%(words)s” stands there twice.", words=double[0])
        if parted := self._parted(words, there):
            return _(
                "“%(words)s” would be read as several choices in files. Please leave out commas, "
                "semicolons and vertical bars.",
                words=parted[0],
            )
        return ""

    def _parted(self, words: Sequence[str], there: Sequence[Mapping[str, Any]]) -> list[str]:
        """Those of several choices that files part; how one has been called so far is let be."""
        if self.chosen_kind() != "choices":
            return []
        known = {text.casefold() for one in there for text in one["label"].values()}
        return [text for text in words if BETWEEN_VALUES.search(text) and text not in known]


class OwnForm(OfChoices):
    """What a manager's own field is asked besides."""

    def is_sensitive(self) -> bool:
        """Whether what it holds is for few people's eyes."""
        raise NotImplementedError

    def draft(self, there: Sequence[Mapping[str, Any]] = ()) -> FieldDraft:
        """The field; `there` are the choices that it has."""
        choices = [*self._known(there), *self.fresh()]
        return FieldDraft(
            label=self.words("label") or {},
            hint=self.words("hint"),
            group=self.words("group"),
            choices=choices if self.chosen_kind() in CHOSEN else None,
            required=bool(self["required"].data),  # type: ignore[index]
            indexed=bool(self["indexed"].data),  # type: ignore[index]
            only_for=(self["only_for"].data or "") if "only_for" in self else "",  # type: ignore[operator, index]
            aliases=[
                text.strip()
                for text in re.split(r"[,，、;；\n]+", self["aliases"].data)  # type: ignore[index]
                if text.strip()
            ],
        )

    def fresh(self) -> list[ChoiceDraft]:
        """The choices that are typed, one a line."""
        lines = self["more"].data.splitlines() if "more" in self else ()  # type: ignore[index, operator]
        return [ChoiceDraft(label=in_languages(line)) for line in lines if line.strip()]

    def _known(self, there: Sequence[Mapping[str, Any]]) -> list[ChoiceDraft]:
        return [
            ChoiceDraft(
                key=one["key"],
                label=choice_words(self, place) or one["label"],
                retired=bool(self[f"gone_{place}"].data),  # type: ignore[index]
            )
            for place, one in enumerate(there)
        ]

    def fits(self, there: Sequence[Mapping[str, Any]] = ()) -> bool:
        """Whether what is said goes together; what does not is blamed."""
        kind, fits = self.chosen_kind(), True
        if kind in CHOSEN:
            fits = self.choices_fit([*self._known(there), *self.fresh()], there)
        elif "more" in self and self["more"].data:  # type: ignore[operator, index]
            self.blame("more", _("Only a field with choices has some."))  # type: ignore[attr-defined]
            fits = False
        if self["indexed"].data and (reason := self._slow(kind)):  # type: ignore[index]
            self.blame("indexed", reason)  # type: ignore[attr-defined]
            fits = False
        return fits

    def _wrong_with(self, drafts: Sequence[ChoiceDraft], there: Sequence[Mapping[str, Any]]) -> str:
        if all(one.retired for one in drafts):
            return _("Give at least one choice.")
        if len(drafts) > MOST_CHOICES:
            return _("At most %(most)s choices.", most=MOST_CHOICES)
        return super()._wrong_with(drafts, there)

    def _slow(self, kind: str) -> str:
        if is_sealed(kind, sensitive=self.is_sensitive()):
            return _("What is encrypted cannot be sorted, so it cannot be made quick.")
        return "" if TRAITS[kind].sorts else _("What is of this kind cannot be sorted.")


class NewFieldForm(OwnForm, Form):
    """A field to be added."""

    def chosen_kind(self) -> str:
        """The kind of the field."""
        return str(self["kind"].data)

    def is_sensitive(self) -> bool:
        """Whether what it holds is for few people's eyes."""
        return bool(self["sensitive"].data)


class OwnFieldForm(OwnForm, RecordForm):
    """A manager's own field; its kind is for good, and whether it is sensitive."""

    of_kind, of_sensitive = "", False

    def chosen_kind(self) -> str:
        """The kind of the field."""
        return self.of_kind

    def is_sensitive(self) -> bool:
        """Whether what it holds is for few people's eyes."""
        return self.of_sensitive


class PackFieldForm(OfChoices, RecordForm):
    """A field of a pack: what it is called."""

    of_kind = ""

    def chosen_kind(self) -> str:
        """The kind of the field."""
        return self.of_kind

    def fits(self, there: Sequence[Mapping[str, Any]]) -> bool:
        """Whether its choices can be called so; what cannot is blamed."""
        words = [choice_words(self, place) or one["label"] for place, one in enumerate(there)]
        return not there or self.choices_fit([ChoiceDraft(label=one) for one in words], there)

    def wordings(self, there: Sequence[Mapping[str, Any]]) -> dict[str, Words]:
        """What its choices are called, by key."""
        found = {one["key"]: choice_words(self, place) for place, one in enumerate(there)}
        return {key: words for key, words in found.items() if words}


def choice_words(form: Any, place: int) -> Words:
    """What a choice is called in a form."""
    given = {lang: form[f"choice_{place}_{lang}"].data for lang in ("en", "zh")}
    return {lang: text for lang, text in given.items() if text}


def in_languages(line: str) -> Words:
    """A choice as it is typed: `金卡 / Gold`, or in one language. A slash within one language belongs to
    it: `24 / 7 / 全天`, or nothing but `/`."""
    typed = line.strip()
    for slash in OTHER_LANGUAGE:
        halves = [(typed[: one.start()], typed[one.end() :]) for one in slash.finditer(typed)]
        found = [{_language_of(half): half for half in both if half} for both in halves]
        # Of several slashes the one that leaves as little as can be of English on the Chinese side.
        if parted := [words for words in found if len(words) == 2]:
            return max(parted, key=lambda words: len(words["en"]))
    return {_language_of(typed): typed.strip(f"{SLASHES} ") or typed}


def _language_of(text: str) -> str:
    return "zh" if HAN.search(text) else "en"


def new_field_form(record_type: str) -> NewFieldForm:
    """The form for a new field of a kind of record."""
    fields = {
        **_named(),
        "kind": Choice(_l("What it holds"), options=_kinds, required=True),
        "more": LongText(_l("Choices, one a line"), most=20_000),
        **_further(record_type),
        "sensitive": Check(_l("Sensitive: encrypted, and masked for most people")),
    }
    form: NewFieldForm = type("NewField", (NewFieldForm,), fields)(data={"kind": "text"})
    return form


def own_field_form(line: FieldLine) -> OwnFieldForm:
    """The form for a manager's own field."""
    row = line.row
    fields = {**_named(), **_choices(line, may_go=True), **_further(line.record_type)}
    fields |= {"of_kind": row.kind, "of_sensitive": row.sensitive}
    if row.kind in CHOSEN:
        fields["more"] = LongText(_l("Further choices, one a line"), most=20_000)
    data = {
        **stored(line),
        "required": row.required_when is not None,
        "indexed": row.indexed,
        "only_for": row.only_for,
        "aliases": ", ".join(row.aliases or ()),
    }
    form: OwnFieldForm = type("OwnField", (OwnFieldForm,), fields)(data=data)
    return form


def pack_field_form(line: FieldLine) -> PackFieldForm:
    """The form for a field of a pack."""
    fields = {**_named(), **_choices(line, may_go=False), "of_kind": line.row.kind}
    form: PackFieldForm = type("PackField", (PackFieldForm,), fields)(data=stored(line))
    return form


def stored(line: FieldLine) -> dict[str, Any]:
    """A field as its form holds it."""
    data: dict[str, Any] = {"version": line.row.version}
    for name in WORDED:
        words = getattr(line.row, name) or {}
        data |= {f"{name}_{lang}": words.get(lang, "") for lang in ("en", "zh")}
    for place, one in enumerate(line.choices):
        data |= {f"choice_{place}_{lang}": one["label"].get(lang, "") for lang in ("en", "zh")}
        data[f"gone_{place}"] = bool(one.get("retired"))
    return data


def _choices(line: FieldLine, *, may_go: bool) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for place in range(len(line.choices)):
        fields[f"choice_{place}_zh"] = Text(_l("Choice in Chinese"), most=LONGEST_LABEL)
        fields[f"choice_{place}_en"] = Text(_l("Choice in English"), most=LONGEST_LABEL)
        if may_go:
            fields[f"gone_{place}"] = Check(_l("No longer offered"))
    return fields


def _further(record_type: str) -> dict[str, Any]:
    of_some = Choice(_l("Asked of"), options=list(ASKED_OF.items()), none=ASKED_OF[""])
    return {
        **({"only_for": of_some} if record_type == "customer" else {}),
        "required": Check(_l("A complete record has it")),
        "indexed": Check(_l("Quick to filter and sort, also among very many records")),
        "aliases": Text(_l("Other headings in files, with commas between them"), most=300),
    }


def _kinds() -> list[tuple[str, str]]:
    return [(kind, label(words)) for kind, words in KINDS.items()]
