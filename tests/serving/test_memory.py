"""Memory: what is left between what stays is filled before processes part."""

import subprocess
import sys

import pytest

LOOK = """
from crmlite.serving import memory
kept = [bytes(size % 700) for size in range(100_000)]
del kept[::3]
library = memory._gnu_library()
state = library.mallinfo2()
before = state.free - state.at_end
memory.fill_gaps()
state = library.mallinfo2()
print(before, state.free - state.at_end, len(memory._filling))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="The heap is that of the GNU C library.")
def test_gaps_are_filled():
    told = subprocess.run([sys.executable, "-c", LOOK], capture_output=True, check=True, text=True)
    before, after, small = map(int, told.stdout.split())
    assert before > 1_000_000
    assert after < before / 10
    assert small > 1000
