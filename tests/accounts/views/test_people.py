"""People, as a manager adds, changes and shuts them out."""

from crmlite import clock
from crmlite.accounts import operations
from crmlite.accounts.operations import NewRole
from crmlite.accounts.queries import roles
from crmlite.testing import PASSWORD, csrf_token
from crmlite.work.actors import command_line
from tests.accounts.conftest import NEW_PASSWORD

NEW = {
    "name": "Emma Clarke",
    "login": "Emma@Lanwick.example",
    "title": "Key accounts",
    "role": "sales",
    "password": NEW_PASSWORD,
}


def kept(rows, login):
    """What is kept of somebody, with their role."""
    found = rows(
        'SELECT u.*, r.key AS role FROM "user" u JOIN role r ON r.id = u.role_id'
        " WHERE u.login = :login",
        login=login,
    )
    return found[0] if found else None


def test_somebody_new_signs_in_and_chooses_a_password(app, sign_in, send, rows):
    response = send(sign_in("manager"), "/settings/people/new", **NEW, team_ids=["1", "3"])
    assert (response.status_code, response.location) == (303, "/settings/people")
    row = kept(rows, "emma@lanwick.example")
    assert (row["name"], row["role"], row["must_change_password"]) == ("Emma Clarke", "sales", True)
    assert "argon2id" in row["password_hash"]
    teams = rows("SELECT team_id FROM membership WHERE user_id = :id", id=row["id"])
    assert {team["team_id"] for team in teams} == {1, 3}
    client = sign_in("EMMA@lanwick.example", NEW_PASSWORD)
    assert client.get("/today").location == "/profile/password"


def test_the_list_shows_everyone_and_what_they_may(sign_in):
    page = sign_in("manager").get("/settings/people").text
    for words in ("Grace Shen", "林知夏", "sales2", "Support", "may sign in", "4 logins"):
        assert words in page


def test_a_login_is_given_once(sign_in, send, rows):
    manager = sign_in("manager")
    before = len(rows('SELECT id FROM "user"'))
    for login in ("sales", "SALES", " ｓａｌｅｓ "):
        response = send(manager, "/settings/people/new", **(NEW | {"login": login}))
        assert response.status_code == 422
        assert "Somebody has this user name already." in response.text
    assert len(rows('SELECT id FROM "user"')) == before


WRONG = (
    ("login", "x", "A user name has letters"),
    ("login", "emma clarke", "A user name has letters"),
    ("login", "a<b>", "A user name has letters"),
    ("login", "x" * 65, "At most 64 characters"),
    ("login", "", "Please fill this in."),
    ("name", "", "Please fill this in."),
    ("name", "\u3164", "Please fill this in."),
    ("name", "x" * 121, "At most 120 characters"),
    ("role", "pope", "This is not offered any more."),
    ("role", "", "Please choose one."),
    ("team_ids", "77", "This is not offered any more."),
    ("password", "short", "At least 12 characters"),
    ("password", "emma@lanwick", "mostly your name"),
    ("password", "Qwertyuiop12", "Too many people"),
)


def test_what_does_not_fit_is_named_and_the_rest_is_kept(sign_in, send, rows):
    manager = sign_in("manager")
    for field, value, words in WRONG:
        response = send(manager, "/settings/people/new", **(NEW | {field: value}))
        assert response.status_code == 422, (field, value)
        assert words in response.text, (field, value)
        assert 'value="Key accounts"' in response.text
    assert len(rows('SELECT id FROM "user"')) == 4


def test_who_somebody_is_can_be_changed(sign_in, send, rows, people):
    manager = sign_in("manager")
    address = f"/settings/people/{people('sales')}"
    page = manager.get(address).text
    assert 'value="林知夏"' in page
    change = {
        "name": "Lin Zhixia",
        "login": "lin",
        "role": "sales",
        "team_ids": ["2"],
        "version": 1,
    }
    assert send(manager, address, **change).status_code == 303
    row = kept(rows, "lin")
    assert (row["name"], row["version"], row["must_change_password"]) == ("Lin Zhixia", 2, False)
    assert sign_in("lin").get("/profile").status_code == 200


def test_another_role_holds_at_once_and_ends_sessions(app, sign_in, send, people):
    manager, client = sign_in("manager"), sign_in("sales")
    assert client.get("/settings/people").status_code == 403
    change = {"name": "林知夏", "login": "sales", "role": "manager", "version": 1}
    assert send(manager, f"/settings/people/{people('sales')}", **change).status_code == 303
    assert client.get("/profile").status_code == 303
    assert sign_in("sales").get("/settings/people").status_code == 200


def test_a_manager_who_changes_their_own_role_stays_signed_in(sign_in, send, people):
    manager = sign_in("manager")
    operations_by(manager, send, people, "sales", "manager")
    change = {"name": "Grace Shen", "login": "manager", "role": "sales", "version": 1}
    assert send(manager, f"/settings/people/{people('manager')}", **change).status_code == 303
    assert manager.get("/profile").status_code == 200
    assert manager.get("/settings/people").status_code == 403


def test_shutting_out_ends_every_session_at_once_and_can_be_undone(sign_in, send, people):
    manager, client, phone = sign_in("manager"), sign_in("sales"), sign_in("sales")
    address = f"/settings/people/{people('sales')}"
    assert send(manager, f"{address}/disabled").status_code == 303
    for who in (client, phone):
        assert who.get("/profile").location == "/sign-in?next=/profile"
        assert who.get("/profile", headers={"HX-Request": "true"}).status_code == 401
    assert "shut out" in manager.get("/settings/people").text
    assert send(manager, f"{address}/enabled").status_code == 303
    assert client.get("/profile").status_code == 303
    assert sign_in("sales").get("/profile").status_code == 200


def test_nobody_shuts_themselves_out(sign_in, send, people):
    manager = sign_in("manager")
    address = f"/settings/people/{people('manager')}"
    assert send(manager, f"{address}/disabled").location == address
    assert "You cannot shut yourself out." in manager.get(address).text


def test_the_last_person_in_charge_stays_in_charge(sign_in, send, people):
    manager = sign_in("manager")
    address = f"/settings/people/{people('manager')}"
    change = {"name": "Grace Shen", "login": "manager", "role": "sales", "version": 1}
    response = send(manager, address, **change)
    assert response.status_code == 422
    assert "Nobody would be left with the right" in response.text
    assert manager.get("/settings/people").status_code == 200


def test_a_new_password_from_a_manager_ends_sessions(app, sign_in, send, people):
    manager, client = sign_in("manager"), sign_in("sales")
    address = f"/settings/people/{people('sales')}/password"
    response = send(manager, address, new=NEW_PASSWORD, again=NEW_PASSWORD)
    assert response.status_code == 303
    assert client.get("/profile").status_code == 303
    visitor = app.test_client()
    data = {"login": "sales", "password": PASSWORD, "csrf_token": csrf_token(visitor)}
    assert visitor.post("/sign-in", data=data).status_code == 422
    assert sign_in("sales", NEW_PASSWORD).get("/profile").location == "/profile/password"


def test_one_s_own_password_is_changed_where_the_present_one_is_asked_for(
    sign_in, send, people, rows
):
    client = sign_in("manager")
    address = f"/settings/people/{people('manager')}/password"
    before = kept(rows, "manager")
    assert client.get(address).location == "/profile/password"
    answer = send(client, address, new=NEW_PASSWORD, again=NEW_PASSWORD)
    assert answer.location == "/profile/password"
    assert kept(rows, "manager") == before


def test_two_managers_at_once_see_each_other(sign_in, send, rows, people):
    one, two = sign_in("manager"), sign_in("manager")
    address = f"/settings/people/{people('sales')}"
    change = {"name": "Lin", "login": "sales", "role": "sales", "team_ids": ["1"], "version": 1}
    assert send(one, address, **change).status_code == 303
    response = send(two, address, **(change | {"name": "Zhixia", "role": "support"}))
    assert response.status_code == 409
    for words in ("Grace Shen changed this", ">Lin<", ">Zhixia<", ">Sales<", ">Support<"):
        assert words in response.text
    assert 'name="version" type="hidden" value="2"' in response.text
    assert kept(rows, "sales")["name"] == "Lin"


def test_a_double_click_adds_one_person(sign_in, send, rows):
    manager = sign_in("manager")
    for _ in range(2):
        response = send(manager, "/settings/people/new", **NEW, form_key="f" * 22)
        assert response.status_code in (303, 422)
    assert len(rows('SELECT id FROM "user"')) == 5


def test_only_those_with_the_right_come_in(client, sign_in, send, people, rows):
    addresses = ("/settings/people", "/settings/people/new", f"/settings/people/{people('sales')}")
    for who in (sign_in("sales"), sign_in("support")):
        for address in addresses:
            assert who.get(address).status_code == 403
        for address in (*addresses[1:], f"{addresses[2]}/disabled", f"{addresses[2]}/password"):
            assert send(who, address, **NEW).status_code == 403
    for address in addresses:
        assert client.get(address).status_code == 303
    assert len(rows('SELECT id FROM "user"')) == 4


def test_who_manages_people_only_cannot_reach_beyond_their_own_rights(app, sign_in, send, people):
    with app.app_context():
        by, at = command_line(), clock.now()
        own = {role.key: role.grants for role in roles()}["sales"]
        grants = {**own, "people:manage": "all"}
        operations.create_role(NewRole(label={"en": "Clerk"}, grants=grants), by=by, at=at)
    operations_by(sign_in("manager"), send, people, "sales2", "clerk")
    clerk = sign_in("sales2")
    page = clerk.get("/settings/people/new").text
    assert 'value="clerk"' in page
    assert 'value="manager"' not in page
    assert send(clerk, "/settings/people/new", **(NEW | {"role": "manager"})).status_code == 422
    for path in ("", "/password", "/disabled", "/enabled"):
        address = f"/settings/people/{people('manager')}{path}"
        data = {"new": NEW_PASSWORD, "again": NEW_PASSWORD}
        assert send(clerk, address, **data).status_code == 403
    assert clerk.get(f"/settings/people/{people('sales')}").status_code == 200
    assert clerk.get("/settings/roles").status_code == 403
    assert "/settings/roles" not in clerk.get("/settings").text


def test_nobody_is_found_under_numbers_that_nobody_has(sign_in, send):
    manager = sign_in("manager")
    for number in ("0", "999", "9" * 30):
        assert manager.get(f"/settings/people/{number}").status_code == 404
        assert send(manager, f"/settings/people/{number}/disabled").status_code == 404


def test_naughty_input_never_breaks_a_field(sign_in, send, naughty):
    manager = sign_in("manager")
    few = naughty[:: max(1, len(naughty) // 7)]
    for field in (*NEW, "team_ids", "version", "form_key"):
        for text in few:
            response = send(manager, "/settings/people/new", **(NEW | {field: text}))
            assert response.status_code in (303, 422), (field, text[:50])
    page = manager.get("/settings/people")
    assert page.status_code == 200
    assert "<script>" not in page.text.replace("<script src=", "")


def operations_by(manager, send, people, login, role):
    """Let the manager give somebody a role through the page."""
    address = f"/settings/people/{people(login)}"
    change = {"name": login, "login": login, "role": role, "version": 1}
    assert send(manager, address, **change).status_code == 303
