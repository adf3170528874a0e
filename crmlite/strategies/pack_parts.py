"""What strategies do with packs: what they refuse of one."""

from crmlite import hooks
from crmlite.customers.written import figures_of, pack_catalogue
from crmlite.declarations import Declared, PackPart
from crmlite.rules.conditions import Catalogue, Figures, validate
from crmlite.rules.conditions.checking import MESSAGES
from crmlite.rules.fields import BadDeclaration
from crmlite.rules.naming import unknown
from crmlite.rules.strategies import Around, Strategy, Touch
from crmlite.strategies.sections import DATES, channels


def part() -> PackPart:
    """What this room does with packs."""
    return PackPart(name="strategies", refuse=refuse, weight=20)


def refuse(pack: str, declared: Declared) -> None:
    """Raise BadDeclaration for strategies that ask for what is not there."""
    catalogue = pack_catalogue(pack, declared)
    added = declared.get("register_choices", ())
    known = channels() | {one.key for one in added if one.list == "channel"}
    for strategy in hooks.declared("register_strategies", pack):
        _refuse(pack, strategy, catalogue, figures_of(declared))
        for touch in strategy.touches:
            _refuse_touch(
                f"Strategy {strategy.name!r}, touch {touch.name!r}", touch, catalogue, known
            )


def _refuse(pack: str, strategy: Strategy, catalogue: Catalogue, figures: Figures) -> None:
    where = f"Strategy {strategy.name!r}"
    if not strategy.name.startswith(f"{pack}__"):
        raise BadDeclaration(f"{where}: what belongs to this pack begins with `{pack}__`.")
    for problem in validate(strategy.serves, catalogue, figures):
        raise BadDeclaration(f"{where}: {MESSAGES[problem.code] % dict(problem.params)}")


def _refuse_touch(where: str, touch: Touch, catalogue: Catalogue, known: set[str]) -> None:
    if touch.channel not in known:
        raise BadDeclaration(f"{where}: the channel {unknown(touch.channel, known)}.")
    if isinstance(touch.cadence, Around) and touch.cadence.field:
        dates = {one.name for one in catalogue.values() if one.kind in DATES}
        if touch.cadence.field not in dates:
            raise BadDeclaration(f"{where}: the date {unknown(touch.cadence.field, dates)}.")
