"""Plans go on where they were."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade():
    op.create_table(
        "paused_strategy",
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("strategy_id", sa.Integer(), nullable=False),
        sa.Column("begun_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customer.id"],
            name=op.f("fk_paused_strategy_customer_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["strategy_id"], ["strategy.id"], name=op.f("fk_paused_strategy_strategy_id")
        ),
        sa.PrimaryKeyConstraint("customer_id", "strategy_id", name=op.f("pk_paused_strategy")),
    )
    with op.batch_alter_table("paused_strategy", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_paused_strategy_strategy_id"), ["strategy_id"], unique=False
        )

    with op.batch_alter_table("planned_touch", schema=None) as batch_op:
        batch_op.add_column(sa.Column("met_on", sa.Date(), nullable=True))


def downgrade():
    with op.batch_alter_table("planned_touch", schema=None) as batch_op:
        batch_op.drop_column("met_on")

    with op.batch_alter_table("paused_strategy", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_paused_strategy_strategy_id"))

    op.drop_table("paused_strategy")
