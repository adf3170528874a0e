"""How packs choose a customer's tier."""

from dataclasses import dataclass

from crmlite.rules.wording import Label


@dataclass(frozen=True, kw_only=True, slots=True)
class TierChoice:
    """That a customer should have a tier of the scheme in use, and `why`, in both languages. `pack` is
    filled in by crmlite."""

    customer_id: int
    tier: str
    why: Label
    pack: str = ""
