"""Views of the queue that people keep: filters under a name, shared or not, as of customers."""

import re

import pytest
from flask.testing import FlaskClient

from crmlite import clock
from crmlite.saved_views.operations import save_view
from crmlite.testing import person_id
from crmlite.work import Actor
from tests.customers.records import form_on, send

NEW = "/complaints/views/new"
ASKED = "view=open&kind=complaint&level=severe&assignee=support"


def made(client: FlaskClient, asked: str = ASKED, **data: str) -> str:
    """A view of the queue that an address asks for; answers its id."""
    answer = send(client, f"{NEW}?{asked}", {"name": "Hot ones", **data}, to=NEW)
    assert answer.status_code == 303
    found = re.search(r"saved=(\d+)", answer.location)
    assert found
    return found[1]


def tab(client: FlaskClient, name: str) -> str:
    """Where the tab of a view leads."""
    page = client.get("/complaints").text
    found = re.search(rf'<a href="([^"]+)"[^>]*>{name}', page)
    return found[1].replace("&amp;", "&") if found else ""


@pytest.fixture
def manager(sign_in) -> FlaskClient:
    return sign_in("manager")


def test_the_filters_are_kept_under_a_name_and_come_back_by_its_tab(manager):
    view = made(manager)
    place = tab(manager, "Hot ones")
    assert set(place.partition("?")[2].split("&")) == {*ASKED.split("&"), f"saved={view}"}
    page = manager.get(place).text
    assert re.search(r'aria-current="page"[^>]*>Hot ones', page)
    assert all(words in page for words in ("Severe", "Change the view"))


def test_a_view_is_renamed_renewed_and_dropped(manager):
    view = made(manager)
    edit = f"/complaints/views/{view}/edit"
    renewed = {**form_on(manager, f"{edit}?view=waiting&kind=enquiry", edit), "name": "Questions"}
    assert manager.post(edit, data={**renewed, "renew": "1"}).status_code == 303
    assert tab(manager, "Questions") == f"/complaints?view=waiting&kind=enquiry&saved={view}"
    assert manager.post(f"/complaints/views/{view}/deletion", data=renewed).status_code == 303
    assert not tab(manager, "Questions")
    page = manager.get(f"/complaints?view=open&saved={view}").text
    assert re.search(r'aria-current="page"[^>]*>All open', page)
    queue = page.split('<div id="queue"')[1].split("</main>")[0]
    assert 'hx-get="/complaints?view=open&amp;after=' not in queue
    assert f"saved={view}" not in queue.partition("</i>")[2]  # which asks as it was asked


def test_a_shared_one_stands_on_everybodys_queue_and_is_changed_by_who_may_share(manager, sign_in):
    view, other = made(manager, shared="1"), sign_in("support")
    place = tab(other, "Hot ones")
    assert place and "Change the view" not in other.get(place).text
    assert other.get(f"/complaints/views/{view}/edit").status_code == 404


def test_ones_own_is_nobody_elses(manager, sign_in):
    view, other = made(sign_in("support"), shared="1"), manager
    assert not tab(other, "Hot ones")
    assert other.get(f"/complaints/views/{view}/edit").status_code == 404


def test_views_of_customers_and_of_the_queue_do_not_mix(manager):
    view = made(manager)
    assert tab(manager, "Hot ones")
    assert "Hot ones" not in manager.get("/customers").text
    assert manager.get(f"/customers/views/{view}/edit").status_code == 404


def test_what_is_gone_meanwhile_is_left_out(app, manager):
    with app.app_context():
        by = Actor("person", "support", person_id("support"))
        query = {"view": "gone", "filters": {"level": "gone", "mood": "angry"}, "assignee": 999}
        save_view("cases", "Old", query, shared=True, by=by, at=clock.now())
    assert tab(manager, "Old").startswith("/complaints?view=open&mood=angry&saved=")
