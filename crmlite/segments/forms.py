"""The form of a segment."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import ValidationError

from crmlite.access import current_reader
from crmlite.customers.conditions.lasting import problems_of
from crmlite.customers.conditions.questions import Questions
from crmlite.forms import Condition, Labelled
from crmlite.segments.operations import SegmentChange
from crmlite.segments.trees import tree_of


class SegmentForm(Labelled):
    """What a segment is called, and whom it takes."""

    tree = Condition(_l("Conditions"), questions=lambda: Questions(current_reader()), required=True)

    def validate_tree(self, field: Condition) -> None:
        """Say what a segment cannot ask, though a list can."""
        if wrong := problems_of(field.data):
            raise ValidationError(" ".join(Questions(current_reader()).said(wrong)))

    def value(self) -> SegmentChange:
        """The segment as it is to be."""
        return SegmentChange(label=self.label_words(), tree=self.tree.data)


def form_data(row: Any) -> dict[str, Any]:
    """A stored segment as its form holds it."""
    return {
        "label_en": row["label"].get("en", ""),
        "label_zh": row["label"].get("zh", ""),
        "tree": tree_of(row["tree"]),
        "version": row["version"],
    }
