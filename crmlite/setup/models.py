"""What people have said about their first steps."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from crmlite.extensions import Model


class FirstSteps(Model):
    """That somebody has put the list of first steps away, and that they keep the recovery code: no
    row of the book could show it."""

    __tablename__ = "first_steps"
    __table_args__ = ({"info": {"record": "first_steps"}},)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), unique=True)
    put_away: Mapped[bool] = mapped_column(default=False)
    code_kept: Mapped[bool] = mapped_column(default=False)
