"""Fences round the ledger: the database itself refuses to change or delete what stands in it."""

from crmlite.db.derived import Derived, append_only, derive
from crmlite.work.ledger import OperationRow

for _table in ("actor", "change", "seal", "sealed_operation"):
    append_only(_table)


def _answered_once() -> None:
    """An operation may be given its answer before it is committed, and nothing else, ever."""
    others = [column.name for column in OperationRow.__table__.columns if column.name != "result"]
    for verb, unless in (("UPDATE", True), ("DELETE", False)):
        name = f"keep_operation_{verb.lower()}"
        sqlite = " OR ".join(f'NEW."{name}" IS NOT OLD."{name}"' for name in others)
        postgresql = sqlite.replace("IS NOT", "IS DISTINCT FROM")
        when = "WHEN (OLD.result IS NOT NULL OR {})" if unless else ""
        begin = f'CREATE TRIGGER "{name}" BEFORE {verb} ON "operation"'
        refuse = "BEGIN SELECT RAISE(ABORT, 'operation is append-only'); END"
        call = "EXECUTE FUNCTION refuse_change()"
        derive(
            Derived(
                name=name,
                kind="trigger",
                on="operation",
                sqlite=[f"{begin} {when.format(sqlite)} {refuse}"],
                postgresql=[f"{begin} FOR EACH ROW {when.format(postgresql)} {call}"],
            )
        )


_answered_once()
