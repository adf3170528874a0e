"""People who sign in, their teams and roles, and where they are signed in."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from crmlite.db.columns import Json, SortKey, UTCDateTime
from crmlite.extensions import Model


class Role(Model):
    """A set of rights. Shipped ones (sales, support, manager) keep their key."""

    __tablename__ = "role"
    __table_args__ = ({"info": {"record": "role"}},)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(40), unique=True)
    label: Mapped[dict[str, str]] = mapped_column(Json)
    shipped: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)


class Grant(Model):
    """A right that a role has: `own`, `team` or `all` records."""

    __tablename__ = "role_grant"
    __table_args__ = (
        UniqueConstraint("role_id", "permission"),
        {"info": {"record": "grant", "root": ("role", "role_id")}},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    role_id: Mapped[int] = mapped_column(ForeignKey("role.id", ondelete="CASCADE"))
    permission: Mapped[str] = mapped_column(String(64))
    scope: Mapped[str] = mapped_column(String(8))


class User(Model):
    """Somebody who signs in."""

    __tablename__ = "user"
    __table_args__ = ({"info": {"record": "user", "silent": {"name_sort", "password_hash"}}},)

    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    name_sort: Mapped[str] = mapped_column(SortKey, default="")
    title: Mapped[str] = mapped_column(String(120), default="")
    role_id: Mapped[int] = mapped_column(ForeignKey("role.id"), index=True)
    state: Mapped[str] = mapped_column(String(12), default="active")  # active, disabled
    password_hash: Mapped[str] = mapped_column(String(200))
    password_set_at: Mapped[datetime] = mapped_column(UTCDateTime)
    must_change_password: Mapped[bool] = mapped_column(default=False)
    lang: Mapped[str] = mapped_column(String(8), default="")
    theme: Mapped[str] = mapped_column(String(8), default="auto")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column(default=1)


class Team(Model):
    """A department: a name, a lead and members, and when they work: `calendar_id` is None for the
    default calendar."""

    __tablename__ = "team"
    __table_args__ = ({"info": {"record": "team"}},)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(40), unique=True)
    label: Mapped[dict[str, str]] = mapped_column(Json)
    lead_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    calendar_id: Mapped[int | None] = mapped_column(ForeignKey("working_calendar.id"))
    position: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)


class Membership(Model):
    """That somebody belongs to a team; a person may be in several."""

    __tablename__ = "membership"
    __table_args__ = (
        UniqueConstraint("team_id", "user_id"),
        {"info": {"record": "membership", "root": ("team", "team_id")}},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)


class Session(Model):
    """A browser in which somebody is signed in. Only the token's digest is kept.

    `password_set_at` tells with which password: with another one than today's it opens nothing.
    """

    __tablename__ = "session"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    seen_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    password_set_at: Mapped[datetime] = mapped_column(UTCDateTime)
    device: Mapped[str] = mapped_column(String(120), default="")


class Throttle(Model):
    """How often something was tried: a login name, a network, or both."""

    __tablename__ = "throttle"

    key: Mapped[str] = mapped_column(String(120), primary_key=True)
    tries: Mapped[int]
    until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    last_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
