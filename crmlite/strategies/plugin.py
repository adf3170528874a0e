"""What this room contributes: the strategies of packs, read and looked at."""

from crmlite import hookimpl
from crmlite.declarations import PackPart, Section
from crmlite.strategies import pack_parts, sections


@hookimpl
def register_pack_sections() -> list[Section]:
    """Strategies."""
    return sections.sections()


@hookimpl
def register_pack_parts() -> list[PackPart]:
    """What strategies of packs may not be."""
    return [pack_parts.part()]
