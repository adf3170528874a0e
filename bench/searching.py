"""The search beside the list: any fragment, for who sees the whole book and for who has three of it."""

import re
from pathlib import Path

from bench.books import LOGIN, PASSWORD, SELLER, employed
from bench.processes import Server, running
from bench.visits import TOKEN, Cost, Visitor, opened

OWN = 3  # customers
TYPED = {
    "one character that many have": "公",
    "one character that some have": "艳",
    "two characters": "机床",
    "three characters that many have": "限公司",
    "three characters that some have": "广润雨",
    "the middle of a word": "ackagin",
    "initials that many have": "yxgs",
    "initials that some have": "zzgr",
    "pinyin": "guangrun",
    "four figures of phones": "1391",
    "four figures of numbers": "0000",
    "pinyin that all companies have": "youxiangongsi",
    "the same, half typed": "youxian",
    "characters that nobody has": "龘靐",
    "letters that nobody has": "zqxjvk",
}
EACH = 40  # requests for each text
LISTS = 60  # requests of the list before and after


def hand_over(manager: Visitor) -> None:
    """Give the seller three customers, as a manager does it in the list."""
    page = manager.get("/customers?sort=-created")
    token = TOKEN.search(page)
    seller = re.search(rf'<option value="(\d+)"[^>]*>{SELLER}<', page) or re.search(
        rf'value="(\d+)"[^>]*data-find="[^"]*{SELLER}', page
    )
    assert token, "the list has no token"
    assert seller, "the list does not offer the seller as an owner"
    picks = re.findall(r'data-row="(\d+)"', page)[:OWN]
    form = [("csrf_token", token[1]), ("value", seller[1]), *(("pick", one) for one in picks)]
    manager.post("/customers/bulk/owner", form)


def beside_list(book: Path, command: list[str], port: int, env: dict[str, str]):
    """For each reader and text the cost of the search and of the list, in one run; the list is
    measured before and after, and the mean of both counts."""
    employed(book, SELLER, "sales")
    with running(command, port, "/sign-in", env) as server:
        manager, seller = Visitor(port), Visitor(port)
        manager.sign_in(LOGIN, PASSWORD)
        hand_over(manager)
        server.settle()
        seller.sign_in(SELLER, PASSWORD)
        for who, visitor in (("manager", manager), ("with three customers", seller)):
            yield from searched(server, who, visitor)


def searched(server: Server, who: str, visitor: Visitor):
    """The texts of one reader: `(who, what, how many found, search, list)`."""
    before = opened(server, visitor, ["/customers"] * LISTS)
    costs = {}
    for what, text in TYPED.items():
        page = f"/search?q={quoted(text)}"
        found = len(re.findall(r"<li data-row", visitor.get(page)))
        costs[what] = found, opened(server, visitor, [page] * EACH)
    after = opened(server, visitor, ["/customers"] * LISTS)
    listed = Cost(
        (before.cpu_ms + after.cpu_ms) / 2,
        (before.p50_ms + after.p50_ms) / 2,
        max(before.p95_ms, after.p95_ms),
        before.requests + after.requests,
    )
    for what, (found, cost) in costs.items():
        yield who, what, found, cost, listed


def quoted(text: str) -> str:
    """A text as it stands in an address."""
    return "".join(f"%{byte:02X}" for byte in text.encode())
