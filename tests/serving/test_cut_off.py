"""A form that is cut off in the middle is not saved as if it were whole."""

import socket
from urllib.parse import urlencode

import pytest

from tests.customers.records import add
from tests.figures import told
from tests.serving.sending import CLOSED, Sender, answered

REMARK = "Pays late since March, and says so himself."
FORM = urlencode({"text": REMARK}).encode()
LENGTH, CHUNKS = {"Content_Length": len(FORM)}, {"Transfer_Encoding": "chunked"}


@pytest.mark.parametrize("engine", ["sqlite"])  # nothing here asks which it is
@pytest.mark.parametrize(
    ("said", "before", "after"),
    [(LENGTH, b"", b""), (CHUNKS, b"%x\r\n" % len(FORM), b"\r\n0\r\n\r\n")],
    ids=["length", "chunks"],
)
def test_what_is_cut_off_is_not_saved(app, open_house, said, before, after):
    number = add(app, "sales")
    house = open_house()
    house.ready()
    sender, page = Sender(house), f"/customers/{number}"
    kind = {"Content_Type": "application/x-www-form-urlencoded"}
    head = sender.head(f"{page}/remarks/new", **kind, **said)
    with socket.create_connection(sender.place) as connection:
        connection.sendall(head + before + FORM[: len(FORM) // 2])
        connection.shutdown(socket.SHUT_WR)
        assert answered(connection) in (400, CLOSED)
    assert "Pays late" not in house.get(page, cookie=sender.cookie)[1]
    told(
        "cut-off forms",
        f"cut off in the {'middle of a chunk' if said is CHUNKS else 'middle'}, 0 saved",
    )
    assert sender.send(head, iter([before + FORM + after])) == 303
    assert REMARK in house.get(page, cookie=sender.cookie)[1]


@pytest.mark.parametrize("engine", ["sqlite"])
def test_what_is_no_body_is_answered_as_the_mistake_that_it_is(app, open_house):
    add(app, "sales")
    house = open_house("--workers", "1")
    house.ready()
    sender = Sender(house)
    kind = {"Content_Type": "application/x-www-form-urlencoded", **CHUNKS}
    head = sender.head("/profile/theme", **kind)
    for body in (b"-5\r\nabcde\r\n", b"zz\r\n", b"5\r\nabcdefgh\r\n0\r\n\r\n", b"\0\r\n"):
        assert sender.send(head, iter([body])) == 400
