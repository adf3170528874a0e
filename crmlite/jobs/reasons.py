"""Why a job failed, as its row keeps it: a text, with what fills it in where something does, so that
it can be put into the words of any language."""

import json

from crmlite.work.checks import Finding


def kept(reason: Finding) -> str:
    """What the row keeps."""
    if not reason.params:
        return reason.text
    return json.dumps({"text": reason.text, "params": dict(reason.params)}, ensure_ascii=False)


def read(stored: str | None) -> Finding:
    """What `kept` gave; anything else is a text that nothing fills in."""
    try:
        told = json.loads(stored or "")
        return Finding(str(told["text"]), dict(told["params"]))
    except (ValueError, TypeError, KeyError, RecursionError):
        return Finding(stored or "")
