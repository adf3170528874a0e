"""Write migrations/versions/0001_first.py anew from the models.

    python scripts/first_migration.py

Only until the first release: from then on every change is a migration of its own.
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from alembic import command  # noqa: E402
from flask import Flask  # noqa: E402

from crmlite import hooks  # noqa: E402
from crmlite.db import migrate  # noqa: E402
from crmlite.extensions import database  # noqa: E402

REVISION = "0001"
FILE = migrate.folder() / "versions" / f"{REVISION}_first.py"


def main() -> int:
    """Replace the first migration; refuses when there are others."""
    others = [name for name in migrate.history() if name != REVISION]
    if others:
        print(
            f"There are further migrations: {', '.join(others)}. Add one instead.", file=sys.stderr
        )
        return 1
    FILE.unlink(missing_ok=True)
    hooks.load(Flask("crmlite"))  # imports every model
    with migrate.passing_engine("sqlite://", 1.0) as engine, engine.connect() as connection:
        config = migrate.config(connection)
        config.set_main_option("file_template", f"%%(rev)s_{FILE.stem.partition('_')[2]}")
        config.attributes.update(metadata=database.metadata, batch=False)
        command.revision(config, "The first schema", autogenerate=True, rev_id=REVISION)
    lines = FILE.read_text("utf-8").splitlines(keepends=True)
    FILE.write_text("".join(line for line in lines if "# ###" not in line), "utf-8")
    subprocess.run([sys.executable, "-m", "ruff", "format", "--quiet", str(FILE)], check=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
