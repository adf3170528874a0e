"""Write crmlite/rules/names/traditional.txt anew: which simplified character stands for which
traditional one, as OpenCC has it.

    python scripts/traditional.py

Two lines of the same length, place by place. The rules use the standard library only, so they carry
the table; a test compares it with the OpenCC that is installed.
"""

from pathlib import Path

from opencc import OpenCC

FILE = Path(__file__).resolve().parent.parent / "crmlite/rules/names/traditional.txt"
UNIFIED = range(0x4E00, 0xA000)  # rarer ones stand in no name


def pairs() -> list[tuple[str, str]]:
    """Each traditional character with its simplified one."""
    simplify = OpenCC("t2s").convert
    found = ((chr(code), simplify(chr(code))) for code in UNIFIED)
    return [
        (traditional, simplified)
        for traditional, simplified in found
        if simplified != traditional and len(simplified) == 1 and simplified <= "\uffff"
    ]


def written() -> str:
    """The file's text."""
    traditional, simplified = zip(*pairs(), strict=True)
    return f"{''.join(traditional)}\n{''.join(simplified)}\n"


if __name__ == "__main__":
    FILE.write_text(written(), "utf-8")
