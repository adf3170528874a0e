"""Shares in whole percent, as all pages say them."""


def share(total: int, in_time: int) -> int | None:
    """A share in whole percent; None of nothing. All is only said of all."""
    if not total:
        return None
    return min(round(100 * in_time / total), 100 if in_time == total else 99)
