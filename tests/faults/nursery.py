"""Many processes of one crmlite, for the tests of faults: started once, forked as often as asked.

    python nursery.py INSTANCE DATABASE_URL BUSY_SECONDS

Reads one JSON object a line: `{"task": "count", "out": PATH, "with": {…}}` forks a process that
does a task of `tasks.py` and answers its id; `{"wait": PID}` answers how it ended.
"""

import json
import os
import sys
import threading
import time
import traceback
from dataclasses import replace
from pathlib import Path


def main() -> None:
    """Answer line by line until the input ends."""
    from crmlite.app import create_app
    from crmlite.testing import config_for
    from tests.faults import tasks

    folder, url, busy = sys.argv[1:]
    app = create_app(replace(config_for(Path(folder), url), busy_seconds=float(busy)))
    _answer("ready")
    for line in sys.stdin:
        asked = json.loads(line)
        if "wait" in asked:
            _pid, status = os.waitpid(asked["wait"], 0)
            _answer(os.waitstatus_to_exitcode(status))
            continue
        parent = os.getpid()
        pid = os.fork()
        if not pid:
            threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
            _work(app, tasks, asked)
        _answer(pid)


def _answer(word: object) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


def _end_with(parent: int) -> None:
    """A test that is broken off must leave nobody writing."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(75)


def _work(app, tasks, asked) -> None:
    """In the forked process: do the task and end without cleaning up what is the parent's."""
    code = 0
    try:
        with app.app_context(), Path(asked["out"]).open("w") as out:
            getattr(tasks, asked["task"])(out, **asked["with"])
    except BaseException:  # noqa: BLE001 - told to the test, which fails
        traceback.print_exc()
        code = 70
    os._exit(code)


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[2]))
    main()
