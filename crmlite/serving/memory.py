"""Giving memory back, and keeping what processes share from being copied for nothing."""

import ctypes
import sys
from collections.abc import Callable
from typing import Any

# Of the GNU C library's mallopt(3). Elsewhere memory is managed otherwise.
TRIM_THRESHOLD, MMAP_THRESHOLD, ARENA_MAX = -1, -3, -8
LARGE = 128 * 1024

# How CPython keeps objects of up to 512 bytes: in pools of one size each, behind a head.
POOL, POOL_HEAD = 16 * 1024, 48
SMALL_SIZES = range(16, 513, 16)
EMPTY_BYTES = sys.getsizeof(b"")
MOST_SMALL = 2**20  # more is not missing: where pools are otherwise, it ends here

_filling: list[object] = []  # what fills gaps stays


def give_back() -> None:
    """Have large blocks returned to the system when they are freed, and let threads share one heap.

    By itself the library learns from the first large block to keep the next ones: 19 MB for each
    process in which two people signed in. To be called before there are threads; children inherit
    it.
    """
    library = _gnu_library()
    if library is not None:
        library.mallopt(MMAP_THRESHOLD, LARGE)
        library.mallopt(TRIM_THRESHOLD, LARGE)
        library.mallopt(ARENA_MAX, 1)


def fill_gaps() -> None:
    """Fill the gaps that loading has left between what stays.

    A process that parts would put the first thing it makes into them: a hundred bytes here and
    there, each time copying a page that it shares with others, 8 MB together. So it gets pages of
    its own for what is its own. To be called before processes part, after all garbage is gone.
    """
    _fill_pools()
    library = _gnu_library()
    if library is not None:
        _fill_heap(library)


class _State(ctypes.Structure):
    """What mallinfo2(3) tells; `free` is the sum of what is free, `at_end` the part behind all else."""

    _fields_ = [
        *((name, ctypes.c_size_t) for name in ("arena", "b", "c", "d", "e", "f", "g", "used")),
        *(("free", ctypes.c_size_t), ("at_end", ctypes.c_size_t)),
    ]


def _gnu_library() -> Any:
    library = ctypes.CDLL(None) if sys.platform == "linux" else None
    if library is None or not hasattr(library, "mallinfo2"):
        return None
    library.mallinfo2.restype = _State
    library.malloc.restype = library.sbrk.restype = ctypes.c_void_p
    library.malloc.argtypes = [ctypes.c_size_t]
    library.free.argtypes = [ctypes.c_void_p]
    library.sbrk.argtypes = [ctypes.c_ssize_t]
    return library


def _fill_heap(library: Any) -> None:
    """Take all that is free before the end of the heap, the large pieces first. Nothing is written
    into it, and so pages that are not there stay so."""
    library.malloc_trim(0)
    left = library.mallinfo2().free
    for size in (*(2**power - 8 for power in range(16, 10, -1)), *range(1016, 8, -16)):
        end = library.sbrk(0) - library.mallinfo2().at_end
        while left > 0:
            place = library.malloc(size)
            if place is None or place >= end:
                library.free(place)
                break
            left -= size


def _fill_pools() -> None:
    """Make small objects of each size until one opens a pool."""
    left = MOST_SMALL
    for size in SMALL_SIZES:
        make = _maker(size)
        while left > 0:
            made = make()
            if id(made) % POOL == POOL_HEAD:
                break
            _filling.append(made)
            left -= size


def _maker(size: int) -> Callable[[], object]:
    match size:
        case 16:
            return object
        case 32:
            return lambda: complex(1, 1)
    return lambda: bytes(size - EMPTY_BYTES)
