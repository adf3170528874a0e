"""Files as wires and disks leave them."""

import random
from collections.abc import Iterator


def spoilt(content: bytes, luck: random.Random, times: int = 8) -> Iterator[bytes]:
    """A file so many times, with bytes changed, pieces lost, doubled or put elsewhere."""
    for _ in range(times):
        given = bytearray(content)
        for _ in range(luck.choice((1, 4, 40))):
            at, size = luck.randrange(len(given)), luck.randrange(1, 200)
            match luck.randrange(4):
                case 0:
                    given[at] = luck.randrange(256)
                case 1:
                    del given[at : at + size]
                case 2:
                    given[at:at] = given[at : at + size]
                case _:
                    given[at : at + size] = luck.randbytes(size)
            given = given or bytearray(b"x")
        yield bytes(given)
