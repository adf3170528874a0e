"""Giving memory back: without this, each web process keeps what checking a password needed."""

import ctypes
import sys

# Of the GNU C library's mallopt(3). Elsewhere memory is managed otherwise.
TRIM_THRESHOLD, MMAP_THRESHOLD, ARENA_MAX = -1, -3, -8
LARGE = 128 * 1024


def give_back() -> None:
    """Have large blocks returned to the system when they are freed, and let threads share one heap.

    By itself the library learns from the first large block to keep the next ones: 19 MB for each
    process in which two people signed in. To be called before there are threads; children inherit
    it.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform == "linux" else None
    if mallopt is not None:
        mallopt(MMAP_THRESHOLD, LARGE)
        mallopt(TRIM_THRESHOLD, LARGE)
        mallopt(ARENA_MAX, 1)
