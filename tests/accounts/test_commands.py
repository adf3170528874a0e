"""`crmlite user`, as whoever runs the server uses it."""

import getpass
import warnings

import pytest
from click.testing import CliRunner

from crmlite.accounts import commands, passwords, queries
from crmlite.accounts.commands import user
from crmlite.testing import PASSWORD, csrf_token
from tests.accounts.conftest import NEW_PASSWORD


@pytest.fixture
def run(app):
    """Runs `crmlite user …` and answers exit code and everything it said."""
    started = []

    def command(*arguments, typed=""):
        with app.app_context():
            result = CliRunner().invoke(
                user, arguments, input=typed, obj=lambda: started.append(True)
            )
        assert result.exception is None or isinstance(result.exception, SystemExit)
        return result.exit_code, result.output

    command.started = started
    return command


def signs_in(app, login, password):
    """Whether a password lets in."""
    client = app.test_client()
    data = {"login": login, "password": password, "csrf_token": csrf_token(client)}
    return client.post("/sign-in", data=data).status_code == 303


def test_somebody_is_added_and_can_sign_in(app, run):
    arguments = ("create", "Emma@Firm.example", "--role", "sales", "--name", "Emma 陈")
    code, said = run(*arguments, "--password-stdin", typed=f"{NEW_PASSWORD}\n")
    assert (code, said) == (0, "emma@firm.example can sign in now.\n")
    assert run.started == [True]
    assert signs_in(app, "emma@firm.example", NEW_PASSWORD)
    with app.app_context():
        person = queries.user_by_login("emma@firm.example")
        assert person.name == "Emma 陈"


def test_a_password_is_taken_as_it_is_but_for_the_line_break(app, run):
    typed = "  twelve blanks at both ends  \r\n"
    assert run("create", "emma", "--role", "sales", "--password-stdin", typed=typed)[0] == 0
    assert signs_in(app, "emma", "  twelve blanks at both ends  ")


WRONG = (
    (("create", "x y", "--role", "sales"), NEW_PASSWORD, "A login has letters"),
    (("create", "sales", "--role", "sales"), NEW_PASSWORD, "Somebody has this login already."),
    (("create", "emma", "--role", "pope"), NEW_PASSWORD, "There are: sales, support, manager."),
    (("create", "emma", "--role", "sales"), "short", "at least 12 characters"),
    (("create", "emma", "--role", "sales"), "", "at least 12 characters"),
    (("create", "emma", "--role", "sales"), "qwertyuiop12", "Too many people"),
    (("create", "emma", "--role", "sales"), "abcabcabcabc", "repeats or counts on"),
    (("create", "emmaclarke", "--role", "sales"), "emmaclarke-emmaclarke", "own name"),
    (("create", "emma", "--role", "sales"), "x1" * 600, "at most 1000"),
    (("reset", "nobody"), NEW_PASSWORD, "Nobody has the login nobody."),
)


def test_what_does_not_fit_is_one_sentence(app, run):
    for arguments, typed, words in WRONG:
        code, said = run(*arguments, "--password-stdin", typed=f"{typed}\n")
        assert code == 1
        assert words in said
        assert said.count("\n") == 1
    with app.app_context():
        assert len(queries.people()) == 4


def test_a_weak_password_starts_no_book(run):
    run("create", "emma", "--role", "sales", "--password-stdin", typed="short\n")
    assert run.started == []


def test_everyone_is_listed(run):
    run("disable", "sales2")
    assert run("list")[1].splitlines() == [
        "manager\tGrace Shen\tmanager",
        "sales\t林知夏\tsales",
        "sales2\tOliver Hartwell\tsales\tdisabled",
        "support\t周牧\tsupport",
    ]


def test_a_lost_password_is_set_anew_and_must_be_changed(app, sign_in, run):
    client = sign_in("sales")
    assert run("reset", "SALES", "--password-stdin", typed=f"{NEW_PASSWORD}\n")[0] == 0
    assert client.get("/profile").status_code == 303
    assert not signs_in(app, "sales", PASSWORD)
    assert sign_in("sales", NEW_PASSWORD).get("/profile").location == "/profile/password"


def test_somebody_is_shut_out_and_let_in_again(app, sign_in, run):
    client = sign_in("sales")
    assert run("disable", "sales") == (0, "sales cannot sign in any more.\n")
    assert client.get("/profile").status_code == 303
    assert not signs_in(app, "sales", PASSWORD)
    assert run("enable", "sales") == (0, "sales can sign in again.\n")
    assert signs_in(app, "sales", PASSWORD)


def test_the_last_in_charge_is_not_shut_out(run):
    code, said = run("disable", "manager")
    assert code == 1
    assert "Nobody would be left" in said
    assert run("disable", "nobody")[0] == 1


def test_without_the_option_the_password_is_asked_for_twice(app, run):
    code, _said = run(
        "create", "emma", "--role", "sales", typed=f"{NEW_PASSWORD}\n{NEW_PASSWORD}\n"
    )
    assert code == 0
    assert signs_in(app, "emma", NEW_PASSWORD)


def test_without_a_terminal_the_option_is_named(run, monkeypatch):
    def unhidden(*_arguments, **_more):
        warnings.warn("Can not control echo on the terminal.", getpass.GetPassWarning, stacklevel=1)

    monkeypatch.setattr(commands.click, "prompt", unhidden)
    code, said = run("create", "emma", "--role", "sales")
    assert code == 1
    assert "--password-stdin" in said


def test_the_command_line_is_no_person_in_the_ledger(app, run, rows):
    run("disable", "sales2")
    (row,) = rows(
        "SELECT a.kind, a.user_id, o.source FROM operation o JOIN actor a ON a.id = o.actor_id"
        " WHERE o.name = 'user_disabled'"
    )
    assert (row["kind"], row["user_id"], row["source"]) == ("command", None, "command")


def test_every_weakness_has_its_sentence():
    from crmlite.accounts.commands import WEAK

    assert set(WEAK) == set(passwords.MESSAGES)
