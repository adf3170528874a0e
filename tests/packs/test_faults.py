"""Whatever a pack does wrong, each page of crmlite answers, and the manager is told whose fault it is.

Each hook is answered wrongly in each way by a pack of its own; all of them are on at once.
"""

import inspect
import time
from collections.abc import Callable, Iterator
from typing import Any, ClassVar

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from crmlite import clock, hooks, hookspecs
from crmlite.cases.operations import CaseDraft, open_case
from crmlite.customers.models import Customer
from crmlite.extensions import database
from crmlite.followups.operations import InteractionDraft, log_interaction
from crmlite.packs import operations, queries
from crmlite.packs.breaker import write_down
from crmlite.packs.fencing import FENCES, FOR_ROOMS, Fence
from crmlite.packs.models import PackFailure
from crmlite.sales.operations import LineDraft, OrderDraft, add_order
from crmlite.testing import SignIn, person_id
from crmlite.work import Actor
from crmlite.work.actors import command_line
from tests.customers.records import add
from tests.figures import told

SPECS = {
    name: tuple(inspect.signature(spec).parameters)
    for name, spec in inspect.getmembers(hookspecs, inspect.isfunction)
    if hasattr(spec, "crmlite_spec")
}
REGISTER = sorted(name for name in SPECS if name.startswith("register_"))
FOR_PACKS = [name for name in REGISTER if name not in FOR_ROOMS]
SHOWN = sorted(name for name in SPECS if not name.startswith("register_"))
TOLD = [name for name in SHOWN if name.endswith("ed")]
FAULTS = {
    "exception": "raise ValueError('broken')",
    "exit": "raise SystemExit(3)",
    "end": "raise GeneratorExit",
    "speechless": "raise Speechless",
    "recursion": "return again()",
    "nonsense": "return 5",
    "wrong things": "return [object(), 'nonsense']",
    "slow": "time.sleep(SECONDS)",
}
HARMLESS = {"slow"}  # while packs are read, it only takes longer
BEGIN = """
import time
from crmlite import hookimpl
SECONDS = {seconds}


def again():
    return again()


class Speechless(Exception):
    def __str__(self):
        return self.args[1]

"""
PAGES = (
    "/today",
    "/customers",
    "/customers/new",
    "/customers/{customer}",
    "/customers/{customer}/timeline",
    "/customers/{customer}/brief",
    "/customers/{customer}/edit",
    "/complaints",
    "/cases/{case}",
    "/orders",
    "/orders/{order}",
    "/records/kiosk__paper",
    "/profile",
    "/settings",
    "/settings/firm",
    "/settings/jobs",
    "/notifications",
    "/search?q=Riverton",
    "/packs",
    "/healthz",
)


KIOSK = """
[pack]
title = "Kiosk"
description = "Brings records of its own"
[objects.paper]
label = "Paper"
title = "name"
fields.name = {label = "Name"}
"""


def named(place: int) -> str:
    """The name of the pack that answers one of the hooks."""
    return f"trade{place}"


def answering(hook: str, fault: str, seconds: float = 0.0) -> dict[str, str]:
    """A pack that answers a hook wrongly."""
    given = ", ".join(SPECS[hook])
    body = f"@hookimpl\ndef {hook}({given}):\n    {FAULTS[fault]}\n"
    return {"plugin.py": BEGIN.format(seconds=seconds) + body}


def switch_on(app: Flask) -> None:
    """Switch on all packs that can be."""
    with app.app_context():
        for one in queries.packs():
            if one.can_be_on:
                operations.enable_pack(one.name, by=command_line(), at=clock.now())
        database.session.remove()


def failed(app: Flask) -> dict[str, int]:
    """How often each pack failed, as the manager is told."""
    with app.app_context():
        table = PackFailure.__table__
        counted = select(table.c.pack, func.count()).group_by(table.c.pack)
        found = dict(database.session.execute(counted).all())
        database.session.remove()
    return found


class Work:
    """Somebody at work: changes of every kind, and every page that asks packs for something."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.manager: FlaskClient = SignIn(app)("manager")

    def change(self) -> dict[str, str]:
        """Have everything told that packs are told."""
        number = add(self.app, "sales")
        with self.app.app_context():
            by, at = Actor("person", "manager", person_id("manager")), clock.now()
            customer = database.session.execute(CUSTOMER).scalar_one()
            log_interaction(
                InteractionDraft(
                    customer_id=customer, kind="phone", content="They called.", occurred_at=at
                ),
                by=by,
                at=at,
            )
            draft = CaseDraft(
                customer=customer,
                values={
                    "kind": "complaint",
                    "subject": "Noise",
                    "channel": "phone",
                    "opened_at": at,
                },
                said="It grinds.",
            )
            case = open_case(draft, by=by, at=at)["number"]
            lines = [LineDraft(name="Pump", quantity=1000, price=500)]
            order = OrderDraft(customer_id=customer, values={"ordered_on": at.date()}, lines=lines)
            sold = add_order(order, by=by, at=at)["number"]
            database.session.remove()
        return {"customer": number, "case": str(case), "order": str(sold)}

    def look(self, known: dict[str, str]) -> Iterator[tuple[str, int]]:
        """What each page answers."""
        for page in PAGES:
            address = page.format(**known)
            yield address, self.manager.get(address).status_code


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for as long as a test would."""
    monkeypatch.setattr(hooks, "SLOW_SECONDS", 0.02)


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize("hook", ["customer_panels", "today_panels", "register_tags"])
def test_one_that_takes_ten_seconds_keeps_nobody_for_long(started: Callable[..., Flask], hook: str):
    app = started(bakery=answering(hook, "slow", 10))
    switch_on(app)
    number = add(app, "sales")
    manager = SignIn(app)("manager")
    took = []
    for _ in range(6):
        began = time.monotonic()
        for page in ("/customers", "/today", f"/customers/{number}"):
            assert manager.get(page).status_code == 200
        took.append(time.monotonic() - began)
    is_asked = hook.endswith("_panels")
    assert [seconds > 10 for seconds in took] == [is_asked] * 5 + [False]
    with app.app_context():
        one = queries.pack("bakery")
        assert one is not None
        assert (one.state == "stopped") == is_asked
        database.session.remove()


@pytest.mark.parametrize("fault", FAULTS)
def test_what_is_asked_and_told_while_people_work(
    started: Callable[..., Flask], quick: None, fault: str
):
    packs = {named(i): answering(hook, fault, 0.03) for i, hook in enumerate(SHOWN)}
    app = started(**packs, kiosk={"pack.toml": KIOSK})
    switch_on(app)
    work = Work(app)
    known = work.change()
    broken = [found for found in work.look(known) if found[1] != 200]
    told("broken packs", f"{fault}: hooks {len(SHOWN)}, pages broken {len(broken)}")
    assert broken == []
    quiet = set(TOLD) if fault in ("nonsense", "wrong things") else set()  # nobody reads the answer
    unheard = {hook for i, hook in enumerate(SHOWN) if named(i) not in failed(app)}
    seldom = {"calendar_changed", "choose_tier", "customer_changed", "customers_planned"}
    assert unheard - seldom == quiet - seldom


@pytest.mark.parametrize("fault", FAULTS)
def test_what_is_asked_when_packs_are_read(started: Callable[..., Flask], quick: None, fault: str):
    packs = {named(i): answering(hook, fault, 0.03) for i, hook in enumerate(REGISTER)}
    packs["late"] = {"plugin.py": "raise ImportError('a library is missing')"}
    packs["gone"] = {"plugin.py": "raise SystemExit(1)"}
    packs["torn"] = {"plugin.py": "def ("}
    app = started(**packs, kiosk={"pack.toml": KIOSK})
    switch_on(app)
    with app.app_context():
        unfit = {one.name: one.reason for one in queries.packs() if one.state == "unfit"}
        database.session.remove()
    wrong = set(packs)
    if fault in HARMLESS:
        wrong -= {named(i) for i, hook in enumerate(REGISTER) if hook in FOR_PACKS}
    assert set(unfit) == wrong
    assert all(unfit.values())
    work = Work(app)
    broken = [found for found in work.look(work.change()) if found[1] != 200]
    told("broken packs", f"{fault}: declarations {len(REGISTER)}, pages broken {len(broken)}")
    assert broken == []
    page = work.manager.get("/packs").text
    assert "a library is missing" in page


class Things:
    """What a pack declares whose functions are asked later, by hook: its code, and how the function
    stands in it."""

    MADE: ClassVar[dict[str, str]] = {
        "register_guards": (
            "from crmlite.customers.guards import Guard\n"
            "THING = lambda f: Guard(name='{name}__g', check=f)"
        ),
        "register_health_checks": (
            "from crmlite.health import HealthCheck\n"
            "THING = lambda f: HealthCheck(name='{name}-h', look=f, fatal=False)"
        ),
        "register_job_kinds": (
            "from crmlite.jobs import JobKind\n"
            "THING = lambda f: JobKind(name='{name}-j', label='Bake', run=f, pending=f)"
        ),
        "register_navigation": (
            "from crmlite.navigation import NavigationEntry\n"
            "THING = lambda f: NavigationEntry(key='{name}', label='Bakery', icon='tag',\n"
            "    endpoint='customers.index', count=f, shown=f)"
        ),
        "register_notification_kinds": (
            "from crmlite.notifications.kinds import NotificationKind\n"
            "THING = lambda f: NotificationKind(name='{name}-n', label='Bread', icon='tag',\n"
            "    words=f, url=f, ahead=f)"
        ),
        "register_settings": (
            "from crmlite.settings.catalogue import Setting\n"
            "THING = lambda f: Setting(name='{name}__s', label='Oven', kind='choice', default='',\n"
            "    options=f)"
        ),
        "register_task_reasons": (
            "from crmlite.followups.reasons import TaskReason\n"
            "THING = lambda f: TaskReason(code='{name}-r', words=f, url=f, title=f)"
        ),
        "register_touch_events": (
            "from crmlite.strategies.events import TouchEvent\n"
            "THING = lambda f: TouchEvent(name='{name}__e', label='Tasting', days=f)"
        ),
        "register_timeline": (
            "from crmlite.customers.timeline import TimelineSource\n"
            "THING = lambda f: TimelineSource(name='{name}', label='Bread', entries=f)"
        ),
    }


def test_each_function_that_a_pack_may_bring_is_fenced():
    assert set(Things.MADE) == set(FENCES)


@pytest.mark.parametrize("fault", [one for one in FAULTS if one != "wrong things"])
def test_functions_in_what_packs_declare(started: Callable[..., Flask], quick: None, fault: str):
    packs = {}
    for place, (hook, code) in enumerate(Things.MADE.items()):
        body = (
            f"{code.format(name=named(place))}\n\n"
            f"def fail(*args, **kwargs):\n    {FAULTS[fault]}\n\n\n"
            f"@hookimpl\ndef {hook}():\n    return [THING(fail)]\n"
        )
        packs[named(place)] = {"plugin.py": BEGIN.format(seconds=0.03) + body}
    app = started(**packs, kiosk={"pack.toml": KIOSK})
    well = app.test_client().get("/readyz").json["checks"]
    before = {name: check["ok"] for name, check in well.items()}
    switch_on(app)
    work = Work(app)
    known = work.change()
    assert [found for found in work.look(known) if found[1] != 200] == []
    checks = work.manager.get("/readyz").json["checks"]
    assert checks.pop(f"{named(list(Things.MADE).index('register_health_checks'))}-h") == {
        "ok": False
    }
    assert {name: check["ok"] for name, check in checks.items()} == before
    places = dict(zip(Things.MADE, map(named, range(len(FENCES))), strict=True))
    assert work.manager.get(f"/packs/{places['register_settings']}/settings").status_code == 200
    heard = failed(app)
    for hook in ("register_timeline", "register_health_checks", "register_settings"):
        assert heard.get(places[hook]), hook


CUSTOMER: Any = select(func.max(Customer.__table__.c.id))


def test_each_fence_has_something_to_stand_in():
    for fences in FENCES.values():
        assert any(isinstance(fence, Fence) for fence in fences.values())


def test_a_pack_that_keeps_failing_is_switched_off_and_the_manager_told(
    started: Callable[..., Flask],
):
    app = started(bakery=answering("customer_panels", "exception"))
    switch_on(app)
    number = add(app, "sales")
    manager = SignIn(app)("manager")
    for _ in range(5):
        assert manager.get(f"/customers/{number}").status_code == 200
    with app.app_context():
        one = queries.pack("bakery")
        assert one is not None and one.state == "stopped"
        database.session.remove()
    assert failed(app) == {"bakery": 5}
    manager.get(f"/customers/{number}")
    assert failed(app) == {"bakery": 5}
    assert "Bakery kept failing and was switched off" in manager.get("/notifications").text
    page = manager.get("/packs/bakery").text
    assert "ValueError: broken" in page and "It failed 5 times" in page
    switch_on(app)  # and what it did before is forgiven
    for left_on in (True, True, True, True, False):
        assert manager.get(f"/customers/{number}").status_code == 200
        with app.app_context():
            one = queries.pack("bakery")
            assert one is not None and one.is_on is left_on
            database.session.remove()


@pytest.mark.parametrize("template", ["{{ nobody.knows.this }}", "{% if %}", None])
def test_what_a_pack_draws_fails_alone(started: Callable[..., Flask], template: str | None):
    files = {
        "plugin.py": BEGIN.format(seconds=0)
        + "from crmlite.panels import Panel\n\n\n@hookimpl\ndef customer_panels():\n"
        "    return [Panel(name='bread', title='Bread', template='bakery/bread.html')]\n"
    }
    if template is not None:
        files["templates/bakery/bread.html"] = template
    app = started(bakery=files)
    switch_on(app)
    number = add(app, "sales")
    page = SignIn(app)("sales").get(f"/customers/{number}")
    assert page.status_code == 200
    assert "This part cannot be shown now." in page.text
    assert failed(app) == {"bakery": 1}


def test_only_templates_whose_values_are_escaped_are_drawn(started: Callable[..., Flask]):
    files = {
        "plugin.py": BEGIN.format(seconds=0)
        + "from crmlite.panels import Panel\n\n\n@hookimpl\ndef customer_panels(customer):\n"
        "    return [Panel(name='bread', title='Bread', template='bakery/bread.txt',\n"
        "        context={'for_': customer['name']})]\n",
        "templates/bakery/bread.txt": "<p>{{ given.for_ }}</p>",
    }
    app = started(bakery=files)
    switch_on(app)
    number = add(app, "sales", name="<b>Riverton</b>")
    page = SignIn(app)("sales").get(f"/customers/{number}").text
    assert "This part cannot be shown now." in page
    assert "<p><b>Riverton" not in page
    assert failed(app) == {"bakery": 1}


def test_what_a_pack_draws_is_drawn(started: Callable[..., Flask]):
    files = {
        "plugin.py": BEGIN.format(seconds=0)
        + "from crmlite.panels import Panel\n\n\n@hookimpl\ndef customer_panels(customer):\n"
        "    return [Panel(name='bread', title='Bread', template='bakery/bread.html',\n"
        "        context={'loaves': 3, 'for_': customer['name']})]\n",
        "templates/bakery/bread.html": "<p>{{ given.loaves }} loaves for {{ given.for_ }}</p>"
        "<i>{{ _(given.for_) }}</i>",
    }
    app = started(bakery=files)
    switch_on(app)
    number = add(app, "sales", name="<b>Riverton</b>")
    page = SignIn(app)("sales").get(f"/customers/{number}").text
    assert "<p>3 loaves for &lt;b&gt;Riverton&lt;/b&gt;</p>" in page
    assert "<i>&lt;b&gt;Riverton&lt;/b&gt;</i>" in page
    assert failed(app) == {}


def test_what_no_book_can_hold_is_written_down_in_figures(started: Callable[..., Flask]):
    app = started(bakery={})
    switch_on(app)
    with app.app_context():
        hooks.registry().host.failed("bakery", "oven", OSError("caf\udce9\x00"))
        write_down()
        assert [one.message for one in queries.failures("bakery")] == [r"OSError: caf\udce9\x00"]
        database.session.remove()


@pytest.mark.parametrize("hook", ["register_permissions", "register_customer_fields"])
def test_what_is_only_called_as_what_a_hook_asks_for(started: Callable[..., Flask], hook: str):
    wanted = hooks.answer_to(hook)
    body = (
        f"class {wanted}:\n    name = 'bakery__x'\n\n\n"
        f"@hookimpl\ndef {hook}():\n    return [{wanted}()]\n"
    )
    app = started(bakery={"plugin.py": BEGIN.format(seconds=0) + body})
    with app.app_context():
        one = queries.pack("bakery")
        assert one is not None and one.state == "unfit"
        assert f"not of {wanted} of pack_of_bakery.plugin" in one.reason
        database.session.remove()
