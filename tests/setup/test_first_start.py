"""The first start in the browser: for whoever has the code of the console, once, step by step."""

import http.client
import re
import stat
import subprocess
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from crmlite import clock, settings
from crmlite.accounts.models import Membership, Team, User
from crmlite.accounts.operations import NewUser
from crmlite.accounts.queries import people, user_by_login
from crmlite.app import create_app
from crmlite.calendars.queries import as_written
from crmlite.calendars.shipped import WEEK
from crmlite.customers.models import Customer
from crmlite.db.keyring import KeyRing, unwrap_ring
from crmlite.extensions import database
from crmlite.files.models import Attachment
from crmlite.files.operations import remove_for_good
from crmlite.followups.models import Interaction
from crmlite.jobs import queue, running, signs
from crmlite.jobs.running import JobFailed
from crmlite.setup import code
from crmlite.setup.demo import background, papers
from crmlite.setup.demo.clearing import clear
from crmlite.setup.demo.content import content
from crmlite.setup.guessing import country_of, currency_of, zone_of
from crmlite.setup.initialise import initialise
from crmlite.setup.operations import SETUP, NewBook, set_up
from crmlite.testing import PASSWORD, SignIn, config_for, csrf_token
from crmlite.work import Refused
from crmlite.work.ledger import ActorRow, OperationRow
from tests.architecture.project import ROOT
from tests.customers.operating import added, done
from tests.serving import house
from tests.serving.house import COMMAND, environment
from tests.work.at_once import at_once

PAGES = ("/start", "/start/language", "/start/firm", "/start/manager")
PLACE = {"lang": "en", "country": "GB"}
FIRM = {
    "company_name": "Lanwick Automation",
    "timezone": "Europe/London",
    "currency": "GBP",
    "tier_scheme": "b",
    "days": ["0", "1", "2", "5"],
    "hours": "08:00-12:00, 13:00-17:00",
}
MANAGER = {"name": "Emma Clarke", "login": "emma", "new": PASSWORD, "again": PASSWORD}


@pytest.fixture
def offered(empty: Flask) -> str:
    """The code that the console shows."""
    with empty.app_context():
        shown = code.offer()
        database.session.remove()
    assert shown is not None
    return shown


@pytest.fixture
def visitor(empty: Flask, offered: str) -> FlaskClient:
    """Somebody who has opened the address of the console."""
    return let_in(empty, offered)


def let_in(app: Flask, offered: str, lang: str = "en") -> FlaskClient:
    client = app.test_client()
    client.get(f"/start?lang={lang}")
    assert client.get(f"/start?code={offered}").location == "/start/language"
    return client


def send(client: FlaskClient, address: str, **fields: object) -> object:
    token = csrf_token(client, address)
    return client.post(address, data={"csrf_token": token, **fields})


def walk(client: FlaskClient, **manager: str) -> object:
    """Through all steps up to the first login."""
    assert send(client, "/start/language", **PLACE).location == "/start/firm"
    assert send(client, "/start/firm", **FIRM).location == "/start/manager"
    return send(client, "/start/manager", **{**MANAGER, **manager})


def inside_of(app: Flask, ask: Callable[[], object]) -> object:
    with app.app_context():
        try:
            return ask()
        finally:
            database.session.remove()


def work_off(app: Flask) -> None:
    """Do what waits, as a worker does."""
    with app.app_context():
        while claimed := queue.claim(signs.Identity.new(clock.now()).owner, clock.now()):
            assert running.do(claimed)


def test_whoever_comes_to_a_book_without_people_is_led_to_its_first_start(empty):
    client = empty.test_client()
    assert client.get("/sign-in").location == "/start"
    for page in PAGES[1:]:
        assert client.get(page).location == "/start"
        assert client.post(page, data={"csrf_token": csrf_token(client, "/start")}).location
    asked = client.get("/start?lang=en", follow_redirects=True)
    assert "crmlite serve" in asked.text
    assert "crmlite user create" in asked.text


@pytest.mark.parametrize(("lang", "words"), [("en", "does not hold"), ("zh", "设置码不正确")])
def test_a_wrong_code_opens_nothing(empty, offered, lang, words):
    client = empty.test_client()
    client.get(f"/start?lang={lang}")
    for answer in (
        send(client, "/start", code="ABCD-EFGH-JKMN-PQRS"),
        client.get("/start?code=%00\udcff".encode("utf-8", "replace").decode()),
    ):
        assert answer.status_code == 422
        assert words in answer.text
    assert send(client, "/start", code="").status_code == 422
    assert client.get("/start/language").location == "/start"


def test_the_code_may_be_typed_in_any_way(empty, offered):
    client = empty.test_client()
    typed = f" {offered.lower().replace('-', ' ')} "
    assert send(client, "/start", code=typed).location == "/start/language"
    assert client.get("/start").location == "/start/language"


def test_codes_cannot_be_tried_for_long(empty, offered):
    client = empty.test_client()
    client.get("/start?lang=en")
    answers = [client.get("/start?code=wrong").status_code for _ in range(22)]
    assert set(answers[:20]) == {422}
    assert answers[20:] == [429, 429]
    refused = client.get(f"/start?code={offered}")
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0
    assert "Too many tries" in refused.text


def test_only_digests_of_the_last_codes_are_kept(empty, offered):
    with empty.app_context():
        file = empty.extensions["crmlite.config"].instance / "setup-code"
        codes = [offered, *(code.offer() for _ in range(5))]
        assert len(set(codes)) == 6
        assert [bool(code.mark_of(one)) for one in codes] == [False, *[True] * 5]
        kept = file.read_text("utf-8")
        assert [one for one in codes if one in kept or one.replace("-", "") in kept] == []
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_start_of_crmlite_in_between_leaves_a_browser_where_it_is(empty, visitor):
    assert inside_of(empty, code.offer)
    assert visitor.get("/start/language").status_code == 200


def test_the_steps_make_the_firm_its_calendar_and_its_first_manager(empty, visitor):
    assert walk(visitor, login="Emma").location == "/start/packs"
    with empty.app_context():
        told = {
            name: settings.get(name)
            for name in ("company_name", "timezone", "currency", "tier_scheme")
        }
        assert told == {name: FIRM[name] for name in told}
        assert (settings.get("country"), settings.get("language")) == ("GB", "en")
        week = as_written().default.week
        assert [bool(day) for day in week] == [True, True, True, False, False, True, False]
        assert [list(block) for block in week[5]] == [[480, 720], [780, 1020]]
        emma = user_by_login("emma")
        assert emma is not None
        assert (emma.name, emma.active) == ("Emma Clarke", True)
        operations, actors = OperationRow.__table__, ActorRow.__table__
        done = select(actors.c.kind, actors.c.name).join(
            operations, operations.c.actor_id == actors.c.id
        )
        found = database.session.execute(done.where(operations.c.name == "book_set_up")).all()
        assert [tuple(row) for row in found] == [("command", "setup")]
        assert not (empty.extensions["crmlite.config"].instance / "setup-code").exists()
        database.session.remove()
    assert visitor.get("/start/packs").location == "/start/book"  # none are installed here
    assert "Step 4 of 4" in visitor.get("/start/book").text
    assert visitor.get("/today").status_code == 200
    assert SignIn(empty)("emma").get("/today").status_code == 200


def test_nothing_is_in_the_book_before_the_last_step(empty, visitor):
    send(visitor, "/start/language", **PLACE)
    send(visitor, "/start/firm", **FIRM)
    with empty.app_context():
        assert settings.get("company_name") == ""
        assert code.is_open()


def test_the_language_that_was_chosen_is_spoken_from_there_on(visitor):
    send(visitor, "/start/language", lang="zh", country="CN")
    page = visitor.get("/start/firm").text
    assert "公司信息" in page
    assert re.search(r'<option selected value="Asia/Shanghai"', page)
    assert re.search(r'<option selected value="CNY"', page)
    send(visitor, "/start/firm", **FIRM)
    assert walk_on(visitor).location == "/start/packs"
    assert "您想怎样开始" in visitor.get("/start/book").text


def walk_on(client: FlaskClient) -> object:
    return send(client, "/start/manager", **MANAGER)


@pytest.mark.parametrize(
    ("address", "fields", "words"),
    [
        ("/start/language", {"lang": "xx", "country": "GB"}, "not offered"),
        ("/start/language", {"lang": "en", "country": ""}, "Please choose one."),
        ("/start/firm", {**FIRM, "company_name": " "}, "Please fill this in."),
        ("/start/firm", {**FIRM, "hours": "always"}, "cannot be read"),
        ("/start/firm", {**FIRM, "hours": ""}, "Please fill this in."),
        ("/start/firm", {**FIRM, "days": []}, "Please choose one."),
        ("/start/firm", {**FIRM, "timezone": "Mars/North"}, "not offered"),
        ("/start/manager", {**MANAGER, "login": "e c"}, "A user name has letters"),
        ("/start/manager", {**MANAGER, "new": "short", "again": "short"}, "At least 12"),
        ("/start/manager", {**MANAGER, "again": "other"}, "not the same"),
        (
            "/start/manager",
            {**MANAGER, "new": "lanwick-automation!", "again": "lanwick-automation!"},
            "mostly your name",
        ),
    ],
)
@pytest.mark.parametrize("engine", ["sqlite"])
def test_what_does_not_fit_is_said_and_what_was_typed_stays(visitor, address, fields, words):
    if address != "/start/language":
        send(visitor, "/start/language", **PLACE)
    if address == "/start/manager":
        send(visitor, "/start/firm", **FIRM)
    answer = send(visitor, address, **fields)
    assert answer.status_code == 422
    assert words in answer.text
    for name in ("company_name", "hours", "name", "login"):
        if fields.get(name, " ").strip():
            assert f'value="{fields[name]}"' in answer.text
    assert PASSWORD not in answer.text


def test_one_may_go_back_and_finds_what_one_said(visitor):
    send(visitor, "/start/language", **PLACE)
    send(visitor, "/start/firm", **FIRM)
    send(visitor, "/start/manager", **{**MANAGER, "again": "other"})
    assert 'value="Emma Clarke"' in visitor.get("/start/manager").text
    page = visitor.get("/start/firm").text
    assert 'value="Lanwick Automation"' in page
    assert 'value="08:00-12:00, 13:00-17:00"' in page
    send(visitor, "/start/language", lang="en", country="JP")
    page = visitor.get("/start/firm").text
    assert 'value="Lanwick Automation"' in page
    assert re.search(r'<option selected value="Asia/Tokyo"', page)
    assert re.search(r'<option selected value="JPY"', page)
    assert visitor.get("/start/manager").location == "/start/firm"


def test_no_step_is_skipped(visitor):
    assert visitor.get("/start/firm").location == "/start/language"
    assert visitor.get("/start/manager").location == "/start/firm"
    assert visitor.get("/start/packs").location.startswith("/sign-in")


@pytest.mark.parametrize(("lang", "words"), [("en", "set up already"), ("zh", "已完成初始设置")])
def test_of_two_in_the_middle_of_it_one_wins_and_the_other_is_told(empty, offered, lang, words):
    one, other = let_in(empty, offered), let_in(empty, offered, lang)
    send(other, "/start/language", lang=lang, country="CN")
    send(other, "/start/firm", **{**FIRM, "company_name": "Other"})
    token = csrf_token(other, "/start/manager")
    assert walk(one).location == "/start/packs"
    late = other.post("/start/manager", data={"csrf_token": token, **MANAGER, "login": "other"})
    assert late.status_code == 409
    assert words in late.text
    assert other.get("/start/firm").status_code == 409
    with empty.app_context():
        assert settings.get("company_name") == "Lanwick Automation"
        assert [one.login for one in people().values()] == ["emma"]


def test_the_first_login_that_is_sent_twice_is_there(visitor):
    send(visitor, "/start/language", **PLACE)
    send(visitor, "/start/firm", **FIRM)
    page = visitor.get("/start/manager").text
    hidden = dict(re.findall(r'name="(csrf_token|form_key)"[^>]*value="([^"]*)"', page))
    before = visitor.get_cookie("session") or next(iter(visitor._cookies.values()))
    assert visitor.post("/start/manager", data={**hidden, **MANAGER}).location == "/start/packs"
    visitor.set_cookie(before.key, before.value)
    again = visitor.post("/start/manager", data={**hidden, **MANAGER})
    assert (again.status_code, again.location) == (303, "/sign-in")
    other = visitor.post("/start/manager", data={**hidden, **MANAGER, "login": "other"})
    assert other.status_code == 409


def test_of_several_at_the_same_moment_one_wins(empty):
    def begin(number: int) -> None:
        manager = NewUser(login=f"m{number}", name="M", role="manager", password_hash="-")
        value = NewBook(settings={"company_name": f"F{number}"}, week=WEEK, manager=manager)
        set_up(value, by=SETUP, at=clock.now())

    failed = at_once(empty, begin, 4)
    assert [(type(one), one.code) for one in failed] == [(Refused, "book-has-people")] * 3
    with empty.app_context():
        (winner,) = people().values()
        assert settings.get("company_name") == winner.login.upper().replace("M", "F")


def test_once_somebody_can_sign_in_the_first_start_is_over(app, offered_never, sign_in):
    stranger, manager = app.test_client(), sign_in("manager")
    for page in (*PAGES, f"/start?code={offered_never}"):
        assert stranger.get(page).location == "/sign-in"
        assert manager.get(page).location == "/today"
    token = csrf_token(stranger)
    answer = stranger.post("/start", data={"csrf_token": token, "code": offered_never})
    assert answer.location == "/sign-in"
    assert manager.get("/start/packs").location == "/packs"
    assert manager.get("/start/book").location == "/today"
    assert manager.get("/start/demo").location == "/today"
    assert sign_in("sales").get("/start/book").status_code == 403


@pytest.fixture
def offered_never(app: Flask) -> str:
    """A code that was kept from before; none is offered any more, and this one is forgotten."""
    file = app.extensions["crmlite.config"].instance / "setup-code"
    file.write_text("left over")
    assert inside_of(app, code.offer) is None
    assert not file.exists()
    return "ABCD-EFGH-JKMN-PQRS"


@pytest.fixture
def manager(empty: Flask, visitor: FlaskClient) -> FlaskClient:
    """The first manager, at the first step after the login, who calls themselves like a demo's."""
    assert walk(visitor, login="sales").location == "/start/packs"
    return visitor


def test_the_demo_comes_in_the_background_and_stands_beside_the_first_manager(empty, manager):
    assert send(manager, "/start/book").location == "/start/demo"
    waiting = manager.get("/start/demo")
    assert "<progress" in waiting.text
    assert "Look again" in waiting.text  # for browsers without scripts
    work_off(empty)
    assert manager.get("/start/demo").location == "/today"
    part = manager.get("/start/demo", headers={"HX-Request": "true"})
    assert part.headers["HX-Redirect"] == "/today"
    with empty.app_context():
        assert settings.get("company_name") == "Lanwick Automation"
        logins = {one.login: one for one in people().values()}
        assert {"sales", "sales-demo", "support"} <= set(logins)
        assert "manager" not in logins
        assert database.session.execute(select(Customer.__table__.c.id).limit(1)).first()
        users = User.__table__
        tiers = select(Customer.__table__.c.tier).distinct()
        assert set(database.session.execute(tiers).scalars()) <= {None, "core", "normal"}
        hashes = dict(database.session.execute(select(users.c.login, users.c.password_hash)).all())
        assert hashes["support"] != hashes["sales"]
        assert logins["sales"].id in _members("support")
        clear(at=clock.now())
        left = [one.login for one in people().values() if one.active]
        database.session.remove()
    assert left == ["sales"]
    assert manager.get("/start/book").location == "/today"


def _members(key: str) -> set[int]:
    team, member = Team.__table__, Membership.__table__
    wanted = select(member.c.user_id).join(team, team.c.id == member.c.team_id)
    return set(database.session.execute(wanted.where(team.c.key == key)).scalars())


def test_the_demo_that_was_cut_short_is_taken_up_again(empty, manager, monkeypatch):
    send(manager, "/start/book")
    papers = background.add_papers

    def interrupted(**_more):
        raise OSError

    monkeypatch.setattr(background, "add_papers", interrupted)
    with empty.app_context():
        claimed = queue.claim("w", clock.now())
        while claimed.kind.name != "load-demo":
            running.do(claimed)
            claimed = queue.claim("w", clock.now())
        assert not running.do(claimed)
        database.session.rollback()
        number = len(database.session.execute(select(Customer.__table__.c.id)).all())
        database.session.remove()
    assert "could not be put in" in manager.get("/start/demo").text
    monkeypatch.setattr(background, "add_papers", papers)
    with empty.app_context():
        background.put_in(0, NoLease())
        again = len(database.session.execute(select(Customer.__table__.c.id)).all())
    assert again == number > 0


def test_the_files_of_a_demo_that_was_cut_short_among_them_all_come(empty, monkeypatch):
    kept, made = papers.keeping.keep, []

    def keep(file):
        if len(made) == 1:
            raise OSError(5, "Input/output error")
        made.append(1)
        return kept(file)

    files = Attachment.__table__
    with empty.app_context():
        with monkeypatch.context() as broken:
            broken.setattr(papers.keeping, "keep", keep)
            with pytest.raises(OSError, match="Input"):
                background.put_in(0, NoLease())
        for _ in range(2):
            background.put_in(0, NoLease())
            digests = database.session.execute(select(files.c.sha256)).scalars().all()
            assert len(digests) == len(set(digests)) == len(content().papers)
        database.session.remove()


def test_a_file_of_the_demo_that_was_taken_away_does_not_come_back(empty):
    files = Attachment.__table__
    with empty.app_context():
        background.put_in(0, NoLease())
        gone = database.session.execute(select(files.c.id).order_by(files.c.id)).scalars().all()
        assert done(remove_for_good, gone) == len(content().papers)
        background.put_in(0, NoLease())
        assert database.session.execute(select(files.c.id)).all() == []
        database.session.remove()


def test_no_file_of_the_demo_hangs_on_what_is_in_the_recycle_bin(empty, monkeypatch):
    files, talks = Attachment.__table__, Interaction.__table__
    with empty.app_context():
        with monkeypatch.context() as later:
            later.setattr(background, "add_papers", lambda **_more: None)
            background.put_in(0, NoLease())
        database.session.execute(update(talks).values(state="deleted"))
        names = {raw["customer"] for raw in content().papers if not raw.get("talk")}
        one = update(Customer.__table__).where(Customer.__table__.c.name == min(names))
        database.session.execute(one.values(state="deleted"))
        database.session.commit()
        background.put_in(0, NoLease())
        kept = [raw for raw in content().papers if not raw.get("talk")]
        wanted = [raw for raw in kept if raw["customer"] != min(names)]
        assert len(database.session.execute(select(files.c.id)).all()) == len(wanted) > 0
        database.session.remove()


class NoLease:
    """A lease that nobody asks for."""

    def renew(self) -> None:
        """Keep it."""


def test_a_book_that_has_customers_takes_no_demo(empty, manager):
    send(manager, "/start/book")
    with empty.app_context():
        added()
        database.session.remove()
    assert manager.get("/start/book").location == "/today"
    with empty.app_context(), pytest.raises(JobFailed, match="empty one"):
        background.put_in(0, NoLease())


@pytest.fixture
def with_packs(engine, tmp_path, request) -> Iterator[Flask]:
    """An application with the packs that are installed, at the step that asks for them."""
    url = request.getfixturevalue("fresh_postgresql")() if engine == "postgresql" else ""
    app = create_app(config_for(tmp_path / "instance", url, packs=True))
    with app.app_context():
        initialise()
        database.session.remove()
    yield app
    with app.app_context():
        database.session.remove()
        database.engine.dispose()


def test_the_packs_that_are_ticked_are_on_and_can_be_let_go_again(with_packs):
    client = let_in(with_packs, inside_of(with_packs, code.offer))
    walk(client)
    page = client.get("/start/packs").text
    assert "Step 4 of 5" in page
    assert 'value="retail"' in page
    assert "What it brings" in page
    assert send(client, "/start/packs", pack=["retail"]).location == "/start/book"
    assert 'value="retail" checked' in client.get("/start/packs").text
    assert send(client, "/start/packs", pack=["education", "gone"]).location == "/start/book"
    page = client.get("/start/packs").text
    assert 'value="education" checked' in page
    assert 'value="retail" checked' not in page


def test_a_country_says_where_and_in_what_money(inside):
    assert country_of(["en-GB", "en"], "en") == "GB"
    assert country_of(["zh-Hant-TW"], "zh") == "TW"
    assert country_of(["zh"], "zh") == "CN"
    assert country_of(["en", "xx-QQ"], "en") is None
    places = {one: (zone_of(one), currency_of(one)) for one in ("CN", "US", "FR", "JP")}
    assert places == {
        "CN": ("Asia/Shanghai", "CNY"),
        "US": ("America/New_York", "USD"),
        "FR": ("Europe/Paris", "EUR"),
        "JP": ("Asia/Tokyo", "JPY"),
    }


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_fresh_folder_is_served_at_once_and_the_console_tells_where_to_begin(engine, tmp_path):
    config = config_for(tmp_path / "instance")
    served = subprocess.Popen(
        [*COMMAND, "serve", "--port", "0"],
        cwd=ROOT,
        env=environment(config),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )
    try:
        told = [served.stdout.readline() for _ in range(3)]
        assert re.fullmatch(r"Recovery code: [0-9A-Z-]{41}\n", told[0])
        port = int(re.search(r"http://127\.0\.0\.1:(\d+)", told[1])[1])
        link = re.fullmatch(
            rf"Set it up .*: (http://127\.0\.0\.1:{port})(/start\?code=.*)\n", told[2]
        )
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        connection.request("GET", link[2])
        assert connection.getresponse().headers["Location"] == "/start/language"
        connection.close()
    finally:
        served.terminate()
        served.communicate(timeout=60)
    assert served.returncode == 0
    again = KeyRing.load(config.keys_file).wrap_ring()
    unwrap_ring(again, told[0].split()[2])  # the code that was told opens what backups carry


@pytest.mark.parametrize("engine", ["sqlite"])
def test_init_tells_a_code_that_holds_when_the_book_is_served(engine, tmp_path):
    config = config_for(tmp_path / "instance")
    done = house.command(config, "init")
    found = re.search(r"^Set-up code: (.*)$", done.stdout, re.MULTILINE)
    app = create_app(config)
    assert inside_of(app, lambda: code.mark_of(found[1]))
    assert inside_of(app, lambda: code.is_mark(code.mark_of(found[1])))
