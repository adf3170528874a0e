"""What a browser would send for a form as it stands on a page."""

from html.parser import HTMLParser
from typing import Any


class Sent(HTMLParser):
    """Reads the form with an id; `data` holds what would be sent, the token left out."""

    def __init__(self, page: str, form_id: str) -> None:
        super().__init__()
        self.form_id, self.inside, self.select = form_id, False, ""
        self.data: dict[str, list[str]] = {}
        self.feed(page)
        self.data.pop("csrf_token", None)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.inside = given.get("id") == self.form_id
        if not self.inside:
            return
        name = given.get("name", "")
        if tag == "select":
            self.select = name
            self.data[name] = []
        elif tag == "option" and "selected" in given:
            self.data[self.select] = [given.get("value", "")]
        elif tag == "input" and name:
            ticked = given.get("type") not in ("checkbox", "radio") or "checked" in given
            if ticked:
                self.data.setdefault(name, []).append(given.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        self.inside = self.inside and tag != "form"


def as_sent(page: str, form_id: str) -> dict[str, Any]:
    """The fields of a form by name."""
    return dict(Sent(page, form_id).data)
