"""The retail pack is in order."""

from crmlite.testing.packs import trial


def test_the_pack_is_in_order() -> None:
    """On a book of its own."""
    with trial("retail") as pack:
        assert pack.faults() == []
