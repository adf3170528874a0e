"""Private folders in which something is made or unpacked, gone afterwards, whatever happens."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path


@contextmanager
def workplace(folder: Path, prefix: str, at: datetime, *, forgotten: timedelta) -> Iterator[Path]:
    """A private folder inside another. Removes what a crash left there of the same prefix, once it is
    older than `forgotten`."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for left in folder.glob(f"{prefix}*"):
        with suppress(FileNotFoundError):  # another process is done with it
            if left.stat().st_mtime < (at - forgotten).timestamp():
                shutil.rmtree(left, ignore_errors=True)
    made = Path(tempfile.mkdtemp(prefix=prefix, dir=folder))
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)
