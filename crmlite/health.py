"""Whether this instance is alive and ready: for supervisors, load balancers and monitoring."""

import logging
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from flask import Blueprint, Response, current_app, jsonify
from sqlalchemy import text

from crmlite import hooks
from crmlite.access import requires
from crmlite.config import Config
from crmlite.db import migrate
from crmlite.extensions import database

log = logging.getLogger(__name__)
LEAST_FREE_MB = 200

blueprint = Blueprint("health", __name__)


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found: whether all is well, and figures for monitoring. Anyone may read them:
    no names, no paths, no data."""

    ok: bool
    facts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class HealthCheck:
    """Something that must be well. One that is not `fatal` is reported and makes nothing unready."""

    name: str
    look: Callable[[], Finding]
    fatal: bool = True


@blueprint.get("/healthz")
@requires(None)
def alive() -> Response:
    """This process answers; asks nobody else."""
    return Response("ok", mimetype="text/plain")


@blueprint.get("/readyz")
@requires(None)
def ready() -> Response:
    """Everything that people's work needs is there: 200, or 503 with what is not."""
    checks = (*OWN, *hooks.gathered("register_health_checks"))
    found = {check.name: _looked(check) for check in checks}
    is_ready = all(found[check.name].ok for check in checks if check.fatal)
    response = jsonify(
        ready=is_ready,
        checks={name: {"ok": finding.ok, **finding.facts} for name, finding in found.items()},
    )
    response.status_code = 200 if is_ready else 503
    return response


def _looked(check: HealthCheck) -> Finding:
    try:
        return check.look()
    except Exception:
        log.exception("the check of %s failed", check.name)
        return Finding(ok=False)


def _database() -> Finding:
    database.session.execute(text("SELECT 1"))
    return Finding(ok=True)


def _schema() -> Finding:
    fits = migrate.standing(database.session.connection()) is migrate.Standing.CURRENT
    return Finding(ok=fits)


def _disk() -> Finding:
    config: Config = current_app.extensions["crmlite.config"]
    free = shutil.disk_usage(config.instance).free // 2**20
    return Finding(ok=free >= LEAST_FREE_MB, facts={"free_mb": free})


OWN = (
    HealthCheck(name="database", look=_database),
    HealthCheck(name="schema", look=_schema),
    HealthCheck(name="disk", look=_disk),
)
