"""Teams, as a manager makes them."""

SHIPPED = ("Sales", "Support", "Technology", "After-sales")


def kept(rows, team_id):
    """A team with the ids of its members."""
    (team,) = rows("SELECT * FROM team WHERE id = :id", id=team_id)
    found = rows("SELECT user_id FROM membership WHERE team_id = :id", id=team_id)
    return team, {row["user_id"] for row in found}


def test_the_shipped_teams_are_there_in_both_languages(sign_in):
    page = sign_in("manager").get("/settings/teams").text
    for name in SHIPPED:
        assert f">{name}</a>" in page
    page = sign_in("manager", lang="zh").get("/settings/teams").text
    for name in ("销售部", "客服部", "技术部", "售后部"):
        assert name in page


def test_a_team_is_made_changed_and_seen_by_its_members_at_once(sign_in, send, rows, people, app):
    manager = sign_in("manager")
    made = {"label_en": "Night shift", "label_zh": "夜班", "lead_id": people("support")}
    response = send(manager, "/settings/teams/new", **made, member_ids=[people("sales")])
    assert (response.status_code, response.location) == (303, "/settings/teams")
    page = manager.get("/settings/teams").text
    assert "Night shift" in page
    (row,) = rows("SELECT id, position FROM team WHERE position > 3")
    team, members = kept(rows, row["id"])
    assert (team["lead_id"], members) == (people("support"), {people("sales")})
    change = {"label_en": "Late shift", "label_zh": "", "lead_id": "", "version": 1}
    response = send(
        manager, f"/settings/teams/{row['id']}", **change, member_ids=[people("sales2")]
    )
    assert response.status_code == 303
    team, members = kept(rows, row["id"])
    assert (team["lead_id"], members, team["version"]) == (None, {people("sales2")}, 2)
    assert "Late shift" in sign_in("manager", lang="zh").get("/settings/teams").text


def test_the_lead_belongs_to_the_team(app, sign_in, send, people):
    from crmlite.accounts import queries

    send(
        sign_in("manager"),
        "/settings/teams/3",
        label_en="Technology",
        lead_id=people("sales"),
        member_ids=[people("support")],
        version=1,
    )
    with app.app_context():
        assert queries.member_ids(3) == {people("sales"), people("support")}
        assert people("support") in queries.team_mates(people("sales"))


def test_a_team_needs_a_name_and_people_who_exist(sign_in, send, rows, people):
    manager = sign_in("manager")
    for data, words in (
        ({"label_en": " "}, "Please give a name in one language at least."),
        ({"label_en": "x" * 61}, "At most 60 characters"),
        ({"label_en": "A", "lead_id": "999"}, "This is not offered any more."),
        ({"label_en": "A", "member_ids": ["1", "oops"]}, "This is not offered any more."),
        ({"label_en": "A", "lead_id": "9" * 30}, "This is not offered any more."),
    ):
        response = send(manager, "/settings/teams/new", **data)
        assert response.status_code == 422, data
        assert words in response.text, data
    assert len(rows("SELECT id FROM team")) == 4


def test_somebody_shut_out_stays_in_their_team_when_it_is_saved(sign_in, send, rows, people):
    manager = sign_in("manager")
    send(manager, f"/settings/people/{people('sales')}/disabled")
    page = manager.get("/settings/teams/1").text
    assert "林知夏" in page
    members = [people("sales"), people("sales2"), people("manager")]
    response = send(manager, "/settings/teams/1", label_en="Sellers", member_ids=members, version=1)
    assert response.status_code == 303
    assert kept(rows, 1)[1] == set(members)


def test_who_saves_second_sees_both(sign_in, send, rows, people):
    one, two = sign_in("manager"), sign_in("manager")
    members = {"member_ids": [people("sales")]}
    send(one, "/settings/teams/1", label_en="Sales", label_zh="销售部", version=1, **members)
    response = send(two, "/settings/teams/1", label_en="Selling", version=1, **members)
    assert response.status_code == 409
    assert ">Selling<" in response.text
    assert "销售部" in response.text
    assert 'name="version" type="hidden" value="2"' in response.text


def test_only_those_with_the_right_come_in(client, sign_in, send):
    for who in (sign_in("sales"), sign_in("support")):
        for address in ("/settings/teams", "/settings/teams/new", "/settings/teams/1"):
            assert who.get(address).status_code == 403
        assert send(who, "/settings/teams/1", label_en="Mine", version=1).status_code == 403
    assert client.get("/settings/teams").status_code == 303


def test_there_is_no_team_of_that_number(sign_in):
    manager = sign_in("manager")
    for number in ("0", "99", "9" * 30):
        assert manager.get(f"/settings/teams/{number}").status_code == 404


def test_naughty_names_are_kept_or_refused(sign_in, send, naughty):
    manager = sign_in("manager")
    for text in naughty[:: max(1, len(naughty) // 30)]:
        response = send(manager, "/settings/teams/new", label_en=text)
        assert response.status_code in (303, 422), text[:50]
    assert "<script>alert" not in manager.get("/settings/teams").text
