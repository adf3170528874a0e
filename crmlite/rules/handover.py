"""Who gets what when somebody's customers and work pass to others."""

from collections.abc import Mapping, Sequence

EVENLY, TIER, REGION = "evenly", "tier", "region"
WAYS = (EVENLY, TIER, REGION)


def dealt(ids: Sequence[int], receivers: Sequence[int]) -> dict[int, int]:
    """To each its receiver, in turn. Raises ValueError without receivers."""
    if not receivers:
        raise ValueError("somebody must receive it")
    return {one: receivers[at % len(receivers)] for at, one in enumerate(ids)}


def together(groups: Mapping[str, Sequence[int]], receivers: Sequence[int]) -> dict[int, int]:
    """The same, each group to one person: the largest first, to whoever has the fewest so far. Raises
    ValueError without receivers."""
    if not receivers:
        raise ValueError("somebody must receive it")
    has = dict.fromkeys(receivers, 0)
    found: dict[int, int] = {}
    for _name, ids in sorted(groups.items(), key=lambda one: (-len(one[1]), one[0])):
        to = min(receivers, key=lambda one: (has[one], receivers.index(one)))
        has[to] += len(ids)
        found |= dict.fromkeys(ids, to)
    return found
