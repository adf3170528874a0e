"""What crmlite and the libraries log while tests are run: nothing in it may be a secret or tell of people."""

import logging
import re

from crmlite.logs import JsonLines
from crmlite.testing import PASSWORD

SECRETS = re.compile(
    rf"{re.escape(PASSWORD)}|seven green kettles"  # what people of tests sign in with
    r"|(?<![0-9a-z])1[3-9]\d{9}(?![0-9a-z])"  # a mobile number in China
    r"|[\w.+-]+@[\w-]+\.[a-z]"  # a mail address
)


class LogReader(logging.Handler):
    """Reads each line as the log would have it."""

    def __init__(self) -> None:
        super().__init__()
        self.lines = 0
        self.told: list[str] = []
        self._written = JsonLines()

    def emit(self, record: logging.LogRecord) -> None:
        """Look at one."""
        self.lines += 1
        line = self._written.format(record)
        if SECRETS.search(line):
            self.told.append(line)


READER = LogReader()


def listen() -> None:
    """Read everything from now on, also what crmlite keeps from the others' log."""
    for name in ("", "crmlite"):
        logging.getLogger(name).addHandler(READER)
