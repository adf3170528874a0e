"""The tables of Chinese characters, large while they are read and small afterwards."""


def load_tables() -> None:
    """Read the tables for Chinese. Done before anything else is loaded, the room that reading them
    took, 8 MB, is used again by what comes after; done later, it stays between the rest."""
    from crmlite.search.folding import fold
    from crmlite.search.pinyin import name_sort

    name_sort("客户")
    fold("客户")
