"""The log: one JSON object per line, without names, numbers or texts of customers."""

import json
import logging
import sys
import time
from typing import Any

from flask import Flask, g, has_request_context, request

LONGEST_TRACE = 60
FIELDS = ("method", "route", "status", "ms", "user_id", "job", "kind")


class JsonLines(logging.Formatter):
    """Writes a record as one line of JSON; newlines inside become escapes."""

    def format(self, record: logging.LogRecord) -> str:
        """One line of JSON."""
        line: dict[str, Any] = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname.lower(),
            "from": record.name,
            "message": record.getMessage(),
        }
        if has_request_context():
            line["request"] = g.get("request_id", "")
        line |= {name: getattr(record, name) for name in FIELDS if hasattr(record, name)}
        if record.exc_info:
            line["trace"] = _trace(record)
        return json.dumps(line, ensure_ascii=False)


def _trace(record: logging.LogRecord) -> list[str]:
    """Where it happened: files and lines, and the error's kind. Its message may hold data. Of what
    called itself again and again, the beginning and the end."""
    error = record.exc_info[1] if record.exc_info else None
    lines = []
    step = error.__traceback__ if error else None
    while step is not None:
        code = step.tb_frame.f_code
        lines.append(f"{code.co_filename}:{step.tb_lineno} {code.co_name}")
        step = step.tb_next
    if len(lines) > LONGEST_TRACE:
        lines = [*lines[: LONGEST_TRACE // 2], "…", *lines[-LONGEST_TRACE // 2 :]]
    return [*lines, type(error).__name__]


def configure(app: Flask) -> None:
    """Send crmlite's log to standard error and note each request."""
    logger = logging.getLogger("crmlite")
    logger.setLevel(app.extensions["crmlite.config"].log_level.upper())
    if not any(isinstance(h.formatter, JsonLines) for h in logger.handlers):
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(JsonLines())
        logger.addHandler(handler)
        logger.propagate = False
    requests = logging.getLogger("crmlite.requests")

    @app.before_request
    def _start() -> None:
        g.started = time.perf_counter()

    @app.after_request
    def _finish(response: Any) -> Any:
        if request.endpoint != "static":
            requests.info(
                "request",
                extra={
                    "method": request.method,
                    "route": request.url_rule.rule if request.url_rule else "-",
                    "status": response.status_code,
                    "ms": round((time.perf_counter() - g.get("started", 0)) * 1000, 1),
                    "user_id": getattr(g.get("reader"), "user_id", 0),
                },
            )
        return response
