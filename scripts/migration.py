"""Write the next migration from how the models differ from what the migrations make.

    python scripts/migration.py "Customers have a birthday"

Read what it wrote: it knows columns, indexes and references, and nothing of what the rows should hold.
A released migration is never changed; tests/setup/books keeps a book of every earlier schema.
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from alembic import command  # noqa: E402
from flask import Flask  # noqa: E402
from sqlalchemy import StaticPool, create_engine  # noqa: E402

from crmlite import hooks  # noqa: E402
from crmlite.db import migrate  # noqa: E402
from crmlite.db.engines import prepare  # noqa: E402
from crmlite.extensions import database  # noqa: E402


def main() -> int:
    """Write it; 1 when the models and the migrations say the same."""
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    hooks.load(Flask("crmlite"))  # imports every model
    engine = create_engine("sqlite://", poolclass=StaticPool)
    prepare(engine, 1.0)
    migrate.upgrade(engine)
    with engine.connect() as connection:
        if not migrate.differences(connection, database.metadata):
            print("The models say what the migrations make.", file=sys.stderr)
            return 1
        config = migrate.config(connection)
        config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
        config.attributes.update(metadata=database.metadata)
        following = f"{int(migrate.head()) + 1:04}"
        made = command.revision(config, sys.argv[1], autogenerate=True, rev_id=following)
    path = Path(made.path)
    lines = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if "# ###" not in line), "utf-8")
    subprocess.run([sys.executable, "-m", "ruff", "format", "--quiet", str(path)], check=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
