"""`crmlite check` notices files of imports that are gone or do not open."""

import pytest
from flask import Flask

from crmlite.imports import checks, queries, uploads
from tests.imports.bringing import begun, text


@pytest.mark.parametrize("engine", ["sqlite"])
def test_files_that_are_gone_or_shut_are_told(inside: Flask) -> None:
    uids = [
        queries.load(begun(text("客户名称", f"第{i}号"), on_duplicate="hold"))["uid"]
        for i in range(3)
    ]
    looked = checks.check().run
    assert [(one.text, one.params) for one in looked(True)] == [(checks.THERE, {"number": 3})]
    (uploads.folder() / uids[0]).unlink()
    sealed = uploads.folder() / uids[1]
    sealed.write_bytes(sealed.read_bytes()[:-1] + b"\0")
    found = {one.text: (one.params["number"], one.level) for one in looked(False)}
    assert found == {
        checks.GONE: (1, "warning"),
        checks.SHUT: (1, "wrong"),
        checks.THERE: (1, "ok"),
    }
