"""What an error of a pack says: fit to be kept and shown, also where it cannot say it itself."""

import traceback


def told(error: BaseException) -> str:
    """The kind of an error and what it says."""
    try:
        words = str(error)
    except Exception:  # noqa: BLE001 - it is the pack's, and may raise anything
        words = "(it cannot say what)"
    return _fit(f"{type(error).__name__}: {words}")


def traced(error: BaseException) -> str:
    """Where it was raised."""
    return _fit("".join(traceback.format_exception(error)))


def _fit(text: str) -> str:
    """The text with what no book and no page can hold, such as half a character, in figures."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8").replace("\x00", "\\x00")
