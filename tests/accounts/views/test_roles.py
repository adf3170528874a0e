"""The table of rights, as a manager edits it."""

import re


def table(page):
    """What the page would send: every control with its value, as (name, value)."""
    pairs = re.findall(r'<input type="hidden" name="(version-\d+|right)" value="([^"]*)"', page)
    for name, options in re.findall(
        r'<select class="form-select" name="(\d+-[^"]+)".*?>(.*?)</select>', page, re.DOTALL
    ):
        pairs.append((name, re.search(r'value="(\w*)" selected', options)[1]))
    for tag in re.findall(
        r'<input class="form-check-input" type="checkbox" name="\d+-[^>]*>', page
    ):
        if " checked" in tag:
            pairs.append((re.search(r'name="([^"]+)"', tag)[1], "all"))
    return pairs


def save(client, send, pairs):
    """Send the table."""
    data = {}
    for name, value in pairs:
        data.setdefault(name, []).append(value)
    return send(client, "/settings/roles", **data)


def changed(pairs, **values):
    """The table with other values; None unticks a box. Names are `r1__people__manage`."""
    wanted = {
        key[1:].replace("__", "-", 1).replace("__", ":"): value for key, value in values.items()
    }
    kept = [(name, value) for name, value in pairs if name not in wanted]
    return kept + [(name, value) for name, value in wanted.items() if value is not None]


def grants(rows, role):
    """The rights of a role."""
    found = rows(
        "SELECT g.permission, g.scope FROM role_grant g JOIN role r ON r.id = g.role_id"
        " WHERE r.key = :role",
        role=role,
    )
    return {row["permission"]: row["scope"] for row in found if row["scope"]}


def ids(rows):
    """Ids of roles by key."""
    return {row["key"]: row["id"] for row in rows("SELECT id, key FROM role")}


def test_the_table_shows_what_is_in_force(sign_in, rows):
    page = sign_in("manager").get("/settings/roles").text
    pairs = dict(table(page))
    for role, role_id in ids(rows).items():
        shown = {
            name.partition("-")[2]: value
            for name, value in pairs.items()
            if name.startswith(f"{role_id}-") and value
        }
        assert shown == grants(rows, role)
        assert f'name="version-{role_id}" value="1"' in page


def test_saving_it_unchanged_changes_nothing(sign_in, send, rows):
    manager = sign_in("manager")
    before = {role: grants(rows, role) for role in ids(rows)}
    assert save(manager, send, table(manager.get("/settings/roles").text)).status_code == 303
    assert {role: grants(rows, role) for role in ids(rows)} == before
    assert not rows("SELECT id FROM operation WHERE name = 'rights_changed'")


def test_a_right_given_or_taken_holds_from_the_next_page_on(sign_in, send, rows):
    manager, client = sign_in("manager"), sign_in("sales")
    assert client.get("/settings/people").status_code == 403
    pairs = table(manager.get("/settings/roles").text)
    sales = ids(rows)["sales"]
    key = f"r{sales}__people__manage"
    assert save(manager, send, changed(pairs, **{key: "all"})).status_code == 303
    assert client.get("/settings/people").status_code == 200
    pairs = table(manager.get("/settings/roles").text)
    assert save(manager, send, changed(pairs, **{key: None})).status_code == 303
    assert client.get("/settings/people").status_code == 403


def test_a_scope_can_be_narrowed(sign_in, send, rows):
    manager = sign_in("manager")
    support = ids(rows)["support"]
    assert grants(rows, "support")["customers:see"] == "all"
    for scope in ("team", "own", ""):
        pairs = table(manager.get("/settings/roles").text)
        key = f"r{support}__customers__see"
        assert save(manager, send, changed(pairs, **{key: scope})).status_code == 303
        assert grants(rows, "support").get("customers:see", "") == scope


def test_the_last_right_over_people_and_roles_cannot_be_taken(sign_in, send, rows):
    manager = sign_in("manager")
    role = ids(rows)["manager"]
    for right in ("people__manage", "roles__manage"):
        pairs = table(manager.get("/settings/roles").text)
        response = save(manager, send, changed(pairs, **{f"r{role}__{right}": None}))
        assert response.status_code == 422
        assert "Nobody would be left with the right" in response.text
        assert grants(rows, "manager")[right.replace("__", ":")] == "all"
    assert manager.get("/settings/roles").status_code == 200


def test_scopes_that_are_not_offered_are_refused(sign_in, send, rows):
    manager = sign_in("manager")
    sales = ids(rows)["sales"]
    before = grants(rows, "sales")
    pairs = table(manager.get("/settings/roles").text)
    for right, scope in (
        ("customers__see", "world"),
        ("people__manage", "own"),
        ("customers__see", "\x00"),
    ):
        response = save(manager, send, changed(pairs, **{f"r{sales}__{right}": scope}))
        assert response.status_code == 422
    assert grants(rows, "sales") == before


def test_who_saves_second_sees_what_differs(sign_in, send, rows):
    one, two = sign_in("manager"), sign_in("manager")
    pairs = table(one.get("/settings/roles").text)
    roles = ids(rows)
    key = f"r{roles['support']}__customers__see"
    assert save(one, send, changed(pairs, **{key: "team"})).status_code == 303
    response = save(two, send, changed(pairs, **{key: "own"}))
    assert response.status_code == 409
    assert "Grace Shen changed this" in response.text
    assert "<td>own</td><td>the team’s</td>" in response.text
    assert grants(rows, "support")["customers:see"] == "team"
    again = table(response.text)
    assert dict(again)[f"version-{roles['support']}"] == "2"
    assert save(two, send, again).status_code == 303
    assert grants(rows, "support")["customers:see"] == "own"


def test_what_came_after_the_page_was_opened_is_left_alone(sign_in, send, rows):
    """A role made meanwhile, and a right that a pack brought, keep what they have."""
    manager = sign_in("manager")
    pairs = table(manager.get("/settings/roles").text)
    made = {"label_en": "Marketing", "label_zh": "市场", "like": "sales"}
    assert send(manager, "/settings/roles/new", **made).status_code == 303
    without = [pair for pair in pairs if pair != ("right", "teams:manage")]
    without = [pair for pair in without if not pair[0].endswith("-teams:manage")]
    assert save(manager, send, without).status_code == 303
    assert grants(rows, "marketing") == grants(rows, "sales")
    assert grants(rows, "manager")["teams:manage"] == "all"


def test_a_role_is_made_given_and_renamed(sign_in, send, rows, people):
    manager = sign_in("manager")
    made = {"label_en": "Customer success", "label_zh": "客户成功", "like": "support"}
    assert send(manager, "/settings/roles/new", **made).location == "/settings/roles"
    role = ids(rows)["customer_success"]
    assert grants(rows, "customer_success") == grants(rows, "support")
    change = {"name": "周牧", "login": "support", "role": "customer_success", "version": 1}
    assert send(manager, f"/settings/people/{people('support')}", **change).status_code == 303
    response = send(manager, f"/settings/roles/{role}", label_en="Success", version=1)
    assert response.status_code == 303
    assert "Success" in manager.get("/settings/people").text
    stale = send(manager, f"/settings/roles/{role}", label_en="Other", version=1)
    assert stale.status_code == 409


def test_a_role_needs_a_name(sign_in, send, rows):
    response = send(sign_in("manager"), "/settings/roles/new", label_en="", label_zh="", like="")
    assert response.status_code == 422
    assert "Please give a name in one language at least." in response.text
    assert len(ids(rows)) == 3


def test_only_those_with_the_right_come_in(client, sign_in, send, rows):
    before = {role: grants(rows, role) for role in ids(rows)}
    for who in (sign_in("sales"), sign_in("support")):
        for address in ("/settings/roles", "/settings/roles/new", "/settings/roles/1", "/settings"):
            assert who.get(address).status_code == 403
        assert send(who, "/settings/roles", right="people:manage").status_code == 403
        assert 'href="/settings"' not in who.get("/profile").text
    assert 'href="/settings"' in sign_in("manager").get("/profile").text
    assert client.get("/settings/roles").status_code == 303
    assert {role: grants(rows, role) for role in ids(rows)} == before


def test_forged_tables_do_no_harm(sign_in, send, rows, naughty):
    manager = sign_in("manager")
    before = {role: grants(rows, role) for role in ids(rows)}
    for text in naughty[:: max(1, len(naughty) // 30)]:
        forged = [
            ("version-1", text), ("right", text), ("1-customers:see", text), ("version-999", "1"),
            ("999-people:manage", "all"), ("1-", text),
        ]  # fmt: skip
        assert save(manager, send, forged).status_code in (303, 422)
    assert {role: grants(rows, role) for role in ids(rows)} == before
