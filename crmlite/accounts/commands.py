"""`crmlite user`: people, from the console of the server."""

import getpass
import sys
import warnings
from collections.abc import Callable

import click

from crmlite import clock
from crmlite.accounts import operations, passwords, queries
from crmlite.accounts.logins import check_login
from crmlite.accounts.roster import Person
from crmlite.rules.text import clean_text
from crmlite.work import Refused
from crmlite.work.actors import command_line

REFUSALS = {
    "login_taken": "Somebody has this login already.",
    "role_unknown": "There is no such role. There are: {roles}.",
    "last_in_charge": "Nobody would be left who may manage people and roles.",
}
WEAK = {
    "password_too_short": "The password needs at least {least} characters.",
    "password_too_long": "The password has at most {most} characters.",
    "password_common": "Too many people use this password.",
    "password_simple": "This password repeats or counts on; it is guessed at once.",
    "password_personal": "This password is mostly the person's own name or the program's.",
}


@click.group()
def user() -> None:
    """Add people, list them, shut them out. 管理登录账号。"""


@user.command()
@click.argument("login")
@click.option("--role", required=True, help="sales, support, manager, or one of your own. 角色")
@click.option("--name", default="", help="As colleagues know them. 姓名")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@click.pass_obj
def create(
    start_if_fresh: Callable[[], None], login: str, role: str, name: str, password_stdin: bool
) -> None:
    """Give somebody a login; on a fresh folder the book is made first. 新建账号。"""
    checked = check_login(login)
    if not checked.value:
        raise click.ClickException("A login has letters, figures and . _ - @ + only.")
    shown = clean_text(name or checked.value, max_length=120).value or checked.value
    password = _password(password_stdin, (checked.value, shown))
    start_if_fresh()
    value = operations.NewUser(
        login=checked.value,
        name=shown,
        role=role,
        password_hash=passwords.hashed(password),
    )
    try:
        operations.create_user(value, by=command_line(), at=clock.now())
    except Refused as refusal:
        raise _said(refusal) from None
    click.echo(f"{checked.value} can sign in now.")


@user.command("list")
def list_people() -> None:
    """Everyone with a login. 列出账号。"""
    roles = {role.id: role.key for role in queries.roles()}
    for person in queries.people().values():
        state = "" if person.active else "disabled"
        row = (person.login, person.name, roles[person.role_id], state)
        click.echo("\t".join(row).rstrip())


@user.command()
@click.argument("login")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
def reset(login: str, password_stdin: bool) -> None:
    """Set a new password, to be changed when signing in. 重设密码。"""
    person = _person(login)
    password = _password(password_stdin, (person.login, person.name))
    operations.set_password(
        person.id, passwords.hashed(password), by=command_line(), at=clock.now()
    )
    click.echo(f"{person.login} has a new password and is signed out everywhere.")


@user.command()
@click.argument("login")
def disable(login: str) -> None:
    """Let somebody in no more. 停用账号。"""
    person = _person(login)
    try:
        operations.disable_user(person.id, by=command_line(), at=clock.now())
    except Refused as refusal:
        raise _said(refusal) from None
    click.echo(f"{person.login} cannot sign in any more.")


@user.command()
@click.argument("login")
def enable(login: str) -> None:
    """Let somebody in again. 启用账号。"""
    person = _person(login)
    operations.enable_user(person.id, by=command_line(), at=clock.now())
    click.echo(f"{person.login} can sign in again.")


def _person(login: str) -> Person:
    found = queries.user_by_login(login)
    if found is None:
        raise click.ClickException(f"Nobody has the login {login}.")
    return found


def _password(from_input: bool, about: tuple[str, ...]) -> str:
    password = sys.stdin.readline().rstrip("\r\n") if from_input else _asked()
    problem = passwords.weakness(password, about=about)
    if problem is not None:
        raise click.ClickException(WEAK[problem.code].format(**problem.params))
    return password


def _asked() -> str:
    with warnings.catch_warnings():
        warnings.simplefilter("error", getpass.GetPassWarning)
        try:
            typed: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
        except getpass.GetPassWarning:
            raise click.ClickException(
                "There is no terminal to ask for the password: give it with --password-stdin."
            ) from None
    return typed


def _said(refusal: Refused) -> click.ClickException:
    roles = ", ".join(role.key for role in queries.roles())
    return click.ClickException(REFUSALS[refusal.code].format(roles=roles))
