"""The first schema."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision = None


def upgrade():
    op.create_table(
        "actor",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_actor")),
    )
    op.create_index(op.f("ix_actor_user_id"), "actor", ["user_id"], unique=False)
    op.create_index("uq_actor_who", "actor", ["kind", "name", "user_id"], unique=True)
    op.create_table(
        "backup",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("elsewhere", sa.Boolean(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.Column("encrypted", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column(
            "reason",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=True,
        ),
        sa.Column("proven_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_backup")),
    )
    op.create_index(op.f("ix_backup_made_at"), "backup", ["made_at"], unique=False)
    op.create_index(op.f("ix_backup_name"), "backup", ["name"], unique=False)
    op.create_table(
        "case_series",
        sa.Column("series", sa.String(length=40), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("series", name=op.f("pk_case_series")),
    )
    op.create_table(
        "case_target",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("clock", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=True),
        sa.Column("level", sa.String(length=40), nullable=True),
        sa.Column("category", sa.String(length=40), nullable=True),
        sa.Column("tier", sa.String(length=40), nullable=True),
        sa.Column("unit", sa.String(length=8), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("owner", sa.String(length=24), nullable=False),
        sa.Column("shipped_key", sa.String(length=80), nullable=True),
        sa.Column(
            "shipped",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_target")),
    )
    op.create_index("uq_case_target_shipped", "case_target", ["owner", "shipped_key"], unique=True)
    op.create_table(
        "choice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("list", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column(
            "label",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.Column("retired", sa.Boolean(), nullable=False),
        sa.Column(
            "more",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=True,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("owner", sa.String(length=24), nullable=False),
        sa.Column("shipped_key", sa.String(length=80), nullable=True),
        sa.Column(
            "shipped",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_choice")),
        sa.UniqueConstraint("list", "key", name=op.f("uq_choice_list_key")),
    )
    op.create_index("uq_choice_shipped", "choice", ["owner", "shipped_key"], unique=True)
    op.create_table(
        "dormancy_term",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tier", sa.String(length=40), nullable=False),
        sa.Column("warn", sa.Integer(), nullable=True),
        sa.Column("rest", sa.Integer(), nullable=True),
        sa.Column("ask", sa.Integer(), nullable=True),
        sa.Column("archive", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dormancy_term")),
        sa.UniqueConstraint("tier", name=op.f("uq_dormancy_term_tier")),
    )
    op.create_table(
        "epoch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_epoch")),
    )
    op.create_table(
        "field",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("record_type", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=41), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column(
            "label",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "hint",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=True,
        ),
        sa.Column(
            "group",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=True,
        ),
        sa.Column(
            "choices",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=True,
        ),
        sa.Column("choices_from", sa.String(length=40), nullable=False),
        sa.Column(
            "wordings",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=True,
        ),
        sa.Column(
            "required_when",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=True,
        ),
        sa.Column("only_for", sa.String(length=8), nullable=False),
        sa.Column("sensitive", sa.Boolean(), nullable=False),
        sa.Column("indexed", sa.Boolean(), nullable=False),
        sa.Column("multiple", sa.Boolean(), nullable=False),
        sa.Column(
            "aliases",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=True,
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("owner", sa.String(length=24), nullable=False),
        sa.Column("shipped_key", sa.String(length=80), nullable=True),
        sa.Column(
            "shipped",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_field")),
    )
    op.create_index("uq_field_name", "field", ["record_type", "name"], unique=True)
    op.create_index("uq_field_shipped", "field", ["owner", "shipped_key"], unique=True)
    op.create_table(
        "job",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=True),
        sa.Column(
            "payload",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("slot", sa.DateTime(timezone=True), nullable=True),
        sa.Column("run_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("owner", sa.String(length=120), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
        sa.UniqueConstraint("key", name=op.f("uq_job_key")),
    )
    op.create_index("ix_job_due", "job", ["state", "run_at", "id"], unique=False)
    op.create_index(op.f("ix_job_finished_at"), "job", ["finished_at"], unique=False)
    op.create_index("ix_job_kind", "job", ["kind", "state", "id"], unique=False)
    op.create_index("ix_job_slot", "job", ["kind", "slot"], unique=False)
    op.create_table(
        "job_worker",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("owner", sa.String(length=120), nullable=False),
        sa.Column("host", sa.String(length=120), nullable=False),
        sa.Column("pid", sa.Integer(), nullable=False),
        sa.Column("version", sa.String(length=20), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job_worker")),
        sa.UniqueConstraint("owner", name=op.f("uq_job_worker_owner")),
    )
    op.create_index(op.f("ix_job_worker_seen_at"), "job_worker", ["seen_at"], unique=False)
    op.create_table(
        "number_series",
        sa.Column("series", sa.String(length=40), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("series", name=op.f("pk_number_series")),
    )
    op.create_table(
        "object_type",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column(
            "label",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "many",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("icon", sa.String(length=40), nullable=False),
        sa.Column("parent", sa.String(length=8), nullable=False),
        sa.Column("title", sa.String(length=41), nullable=False),
        sa.Column("day", sa.String(length=41), nullable=False),
        sa.Column("in_timeline", sa.Boolean(), nullable=False),
        sa.Column("listed", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("owner", sa.String(length=24), nullable=False),
        sa.Column("shipped_key", sa.String(length=80), nullable=True),
        sa.Column(
            "shipped",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_object_type")),
        sa.UniqueConstraint("name", name=op.f("uq_object_type_name")),
    )
    op.create_index("uq_object_type_shipped", "object_type", ["owner", "shipped_key"], unique=True)
    op.create_table(
        "order_series",
        sa.Column("series", sa.String(length=40), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("series", name=op.f("pk_order_series")),
    )
    op.create_table(
        "pack",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=24), nullable=False),
        sa.Column(
            "title",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("pack_version", sa.String(length=40), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "stopped",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=True,
        ),
        sa.Column("switched_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pack")),
        sa.UniqueConstraint("name", name=op.f("uq_pack_name")),
    )
    op.create_table(
        "pack_failure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pack", sa.String(length=24), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("message", sa.String(), nullable=True),
        sa.Column("trace", sa.String(), nullable=True),
        sa.Column("uid", sa.String(length=22), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pack_failure")),
        sa.UniqueConstraint("uid", name=op.f("uq_pack_failure_uid")),
    )
    op.create_index(op.f("ix_pack_failure_at"), "pack_failure", ["at"], unique=False)
    op.create_index(op.f("ix_pack_failure_pack"), "pack_failure", ["pack"], unique=False)
    op.create_table(
        "product",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column(
            "name_sort",
            sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("category", sa.String(length=40), nullable=True),
        sa.Column("unit", sa.String(length=40), nullable=True),
        sa.Column("price", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("remark", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product")),
    )
    op.create_index("ix_product_name", "product", ["state", "name_sort", "id"], unique=False)
    op.create_index(
        "uq_product_code",
        "product",
        ["code"],
        unique=True,
        sqlite_where=sa.text("state != 'deleted'"),
        postgresql_where=sa.text("state != 'deleted'"),
    )
    op.create_table(
        "role",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column(
            "label",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("shipped", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role")),
        sa.UniqueConstraint("key", name=op.f("uq_role_key")),
    )
    op.create_table(
        "seal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("operations", sa.Integer(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seal")),
    )
    op.create_table(
        "search_doc",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("record_type", sa.String(length=32), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column(
            "body", sa.Text().with_variant(postgresql.TSVECTOR(), "postgresql"), nullable=False
        ),
        sa.Column(
            "scope", sa.Text().with_variant(postgresql.TSVECTOR(), "postgresql"), nullable=False
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_doc")),
        sa.UniqueConstraint(
            "record_type", "record_id", name=op.f("uq_search_doc_record_type_record_id")
        ),
    )
    op.create_table(
        "segment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column(
            "label",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "tree",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_segment")),
        sa.UniqueConstraint("key", name=op.f("uq_segment_key")),
    )
    op.create_table(
        "setting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column(
            "value",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_setting")),
        sa.UniqueConstraint("name", name=op.f("uq_setting_name")),
    )
    op.create_table(
        "strategy",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column(
            "label",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "goal",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "serves",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "touches",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("on_top", sa.Boolean(), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("retired", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("owner", sa.String(length=24), nullable=False),
        sa.Column("shipped_key", sa.String(length=80), nullable=True),
        sa.Column(
            "shipped",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_strategy")),
        sa.UniqueConstraint("key", name=op.f("uq_strategy_key")),
    )
    op.create_index("uq_strategy_shipped", "strategy", ["owner", "shipped_key"], unique=True)
    op.create_table(
        "tag_dimension",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column(
            "label",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("exclusive", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("owner", sa.String(length=24), nullable=False),
        sa.Column("shipped_key", sa.String(length=80), nullable=True),
        sa.Column(
            "shipped",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tag_dimension")),
        sa.UniqueConstraint("key", name=op.f("uq_tag_dimension_key")),
    )
    op.create_index(
        "uq_tag_dimension_shipped", "tag_dimension", ["owner", "shipped_key"], unique=True
    )
    op.create_table(
        "throttle",
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_throttle")),
    )
    op.create_index(op.f("ix_throttle_last_at"), "throttle", ["last_at"], unique=False)
    op.create_table(
        "tier_scheme",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column(
            "factors",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "bounds",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("owner", sa.String(length=24), nullable=False),
        sa.Column("shipped_key", sa.String(length=80), nullable=True),
        sa.Column(
            "shipped",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tier_scheme")),
        sa.UniqueConstraint("key", name=op.f("uq_tier_scheme_key")),
    )
    op.create_index("uq_tier_scheme_shipped", "tier_scheme", ["owner", "shipped_key"], unique=True)
    op.create_table(
        "viewing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=64), nullable=False),
        sa.Column("request_id", sa.String(length=32), nullable=True),
        sa.Column("record_type", sa.String(length=32), nullable=False),
        sa.Column(
            "record_ids",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "columns",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_viewing")),
    )
    op.create_index(op.f("ix_viewing_at"), "viewing", ["at"], unique=False)
    op.create_index(op.f("ix_viewing_user_id"), "viewing", ["user_id"], unique=False)
    op.create_table(
        "working_calendar",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column(
            "label",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("zone", sa.String(length=64), nullable=True),
        sa.Column(
            "week",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("country", sa.String(length=12), nullable=True),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("official", sa.String(length=16), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_working_calendar")),
        sa.UniqueConstraint("key", name=op.f("uq_working_calendar_key")),
    )
    op.create_table(
        "calendar_day",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("calendar_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("works", sa.Boolean(), nullable=False),
        sa.Column(
            "label",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "blocks",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=True,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["calendar_id"], ["working_calendar.id"], name=op.f("fk_calendar_day_calendar_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_day")),
        sa.UniqueConstraint("calendar_id", "day", name=op.f("uq_calendar_day_calendar_id_day")),
    )
    op.create_table(
        "import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=22), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("target", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("file_name", sa.String(length=255), nullable=False),
        sa.Column("file_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column(
            "layout",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("sheet", sa.Integer(), nullable=False),
        sa.Column("heading_row", sa.Integer(), nullable=False),
        sa.Column("headings", sa.String(length=64), nullable=False),
        sa.Column(
            "columns",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("beginning", sa.String(), nullable=True),
        sa.Column(
            "options",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=True),
        sa.Column("created", sa.Integer(), nullable=False),
        sa.Column("updated", sa.Integer(), nullable=False),
        sa.Column("duplicates", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("likely", sa.Integer(), nullable=False),
        sa.Column("operation_id", sa.Integer(), nullable=True),
        sa.Column("job_id", sa.Integer(), nullable=True),
        sa.Column(
            "kept",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=True,
        ),
        sa.Column(
            "problem",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=True,
        ),
        sa.ForeignKeyConstraint(["actor_id"], ["actor.id"], name=op.f("fk_import_actor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import")),
        sa.UniqueConstraint("uid", name=op.f("uq_import_uid")),
    )
    op.create_index(op.f("ix_import_created_at"), "import", ["created_at"], unique=False)
    op.create_index(op.f("ix_import_digest"), "import", ["digest"], unique=False)
    op.create_index("ix_import_headings", "import", ["headings", "id"], unique=False)
    op.create_index(op.f("ix_import_user_id"), "import", ["user_id"], unique=False)
    op.create_table(
        "operation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("request_id", sa.String(length=32), nullable=True),
        sa.Column("form_key", sa.String(length=64), nullable=True),
        sa.Column(
            "result",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=True,
        ),
        sa.Column("undoes_id", sa.Integer(), nullable=True),
        sa.Column("part_of_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["actor_id"], ["actor.id"], name=op.f("fk_operation_actor_id")),
        sa.ForeignKeyConstraint(
            ["part_of_id"], ["operation.id"], name=op.f("fk_operation_part_of_id")
        ),
        sa.ForeignKeyConstraint(
            ["undoes_id"], ["operation.id"], name=op.f("fk_operation_undoes_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_operation")),
        sa.UniqueConstraint("form_key", name=op.f("uq_operation_form_key")),
        sa.UniqueConstraint("undoes_id", name=op.f("uq_operation_undoes_id")),
    )
    op.create_index(op.f("ix_operation_actor_id"), "operation", ["actor_id"], unique=False)
    op.create_index(op.f("ix_operation_at"), "operation", ["at"], unique=False)
    op.create_index(op.f("ix_operation_part_of_id"), "operation", ["part_of_id"], unique=False)
    op.create_table(
        "role_grant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("role_id", sa.Integer(), nullable=False),
        sa.Column("permission", sa.String(length=64), nullable=False),
        sa.Column("scope", sa.String(length=8), nullable=False),
        sa.ForeignKeyConstraint(
            ["role_id"], ["role.id"], name=op.f("fk_role_grant_role_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_grant")),
        sa.UniqueConstraint("role_id", "permission", name=op.f("uq_role_grant_role_id_permission")),
    )
    op.create_table(
        "tag",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dimension_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column(
            "label",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("retired", sa.Boolean(), nullable=False),
        sa.Column(
            "rule",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=True,
        ),
        sa.Column("rule_on", sa.Boolean(), nullable=False),
        sa.Column("quiet", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("owner", sa.String(length=24), nullable=False),
        sa.Column("shipped_key", sa.String(length=80), nullable=True),
        sa.Column(
            "shipped",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=True,
        ),
        sa.ForeignKeyConstraint(
            ["dimension_id"], ["tag_dimension.id"], name=op.f("fk_tag_dimension_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tag")),
        sa.UniqueConstraint("dimension_id", "key", name=op.f("uq_tag_dimension_id_key")),
    )
    op.create_index("uq_tag_shipped", "tag", ["owner", "shipped_key"], unique=True)
    op.create_table(
        "user",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("login", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column(
            "name_sort",
            sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("role_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("password_set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("must_change_password", sa.Boolean(), nullable=False),
        sa.Column("lang", sa.String(length=8), nullable=False),
        sa.Column("theme", sa.String(length=8), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["role_id"], ["role.id"], name=op.f("fk_user_role_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user")),
        sa.UniqueConstraint("login", name=op.f("uq_user_login")),
    )
    op.create_index(op.f("ix_user_role_id"), "user", ["role_id"], unique=False)
    op.create_table(
        "calendar_feed",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=True),
        sa.Column("uid", sa.String(length=22), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_calendar_feed_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_feed")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_calendar_feed_secret_hash")),
        sa.UniqueConstraint("user_id", name=op.f("uq_calendar_feed_user_id")),
    )
    op.create_table(
        "canned_reply",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column(
            "title",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "body",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("owner", sa.String(length=24), nullable=False),
        sa.Column("shipped_key", sa.String(length=80), nullable=True),
        sa.Column(
            "shipped",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=True,
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["user.id"], name=op.f("fk_canned_reply_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_canned_reply")),
    )
    op.create_index(
        "uq_canned_reply_shipped", "canned_reply", ["owner", "shipped_key"], unique=True
    )
    op.create_table(
        "case_level_rule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("level", sa.String(length=40), nullable=False),
        sa.Column("leader", sa.String(length=8), nullable=False),
        sa.Column("leader_id", sa.Integer(), nullable=True),
        sa.Column(
            "team_ids",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["leader_id"], ["user.id"], name=op.f("fk_case_level_rule_leader_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_level_rule")),
        sa.UniqueConstraint("level", name=op.f("uq_case_level_rule_level")),
    )
    op.create_table(
        "change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("operation_id", sa.Integer(), nullable=False),
        sa.Column("record_type", sa.String(length=32), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("root_type", sa.String(length=32), nullable=False),
        sa.Column("root_id", sa.Integer(), nullable=False),
        sa.Column("verb", sa.String(length=8), nullable=False),
        sa.Column(
            "diff",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["operation_id"], ["operation.id"], name=op.f("fk_change_operation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change")),
    )
    op.create_index(op.f("ix_change_operation_id"), "change", ["operation_id"], unique=False)
    op.create_index("ix_change_record", "change", ["record_type", "record_id", "id"], unique=False)
    op.create_index("ix_change_root", "change", ["root_type", "root_id", "id"], unique=False)
    op.create_table(
        "customer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=22), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column(
            "name_sort",
            sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("name_key", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("dedicated_id", sa.Integer(), nullable=True),
        sa.Column("lifecycle", sa.String(length=40), nullable=False),
        sa.Column("lost_reason", sa.String(length=200), nullable=True),
        sa.Column("stage", sa.String(length=40), nullable=True),
        sa.Column("status", sa.String(length=200), nullable=True),
        sa.Column("tier", sa.String(length=40), nullable=True),
        sa.Column("prospects", sa.String(length=40), nullable=True),
        sa.Column(
            "inferred",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=True,
        ),
        sa.Column("industry", sa.String(length=80), nullable=True),
        sa.Column("size", sa.String(length=40), nullable=True),
        sa.Column("founded_on", sa.Date(), nullable=True),
        sa.Column("capital", sa.BigInteger(), nullable=True),
        sa.Column("business", sa.Text(), nullable=True),
        sa.Column("region", sa.String(length=120), nullable=True),
        sa.Column("address", sa.String(), nullable=True),
        sa.Column("website", sa.String(length=300), nullable=True),
        sa.Column("source", sa.String(length=40), nullable=True),
        sa.Column("first_contact_on", sa.Date(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("signed_amount", sa.BigInteger(), nullable=True),
        sa.Column("annual_amount", sa.BigInteger(), nullable=True),
        sa.Column("cooperation_on", sa.Date(), nullable=True),
        sa.Column("contract_ends_on", sa.Date(), nullable=True),
        sa.Column("gender", sa.String(length=40), nullable=True),
        sa.Column("birthday", sa.Date(), nullable=True),
        sa.Column("birthday_lunar", sa.Boolean(), nullable=False),
        sa.Column("age", sa.Integer(), nullable=True),
        sa.Column("likes_products", sa.String(length=300), nullable=True),
        sa.Column("likes_colours", sa.String(length=300), nullable=True),
        sa.Column("likes_brands", sa.String(length=300), nullable=True),
        sa.Column("interests", sa.String(length=300), nullable=True),
        sa.Column(
            "extra",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=True,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["dedicated_id"], ["user.id"], name=op.f("fk_customer_dedicated_id")
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["user.id"], name=op.f("fk_customer_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer")),
        sa.UniqueConstraint("number", name=op.f("uq_customer_number")),
        sa.UniqueConstraint("uid", name=op.f("uq_customer_uid")),
    )
    op.create_index(op.f("ix_customer_annual_amount"), "customer", ["annual_amount"], unique=False)
    op.create_index(op.f("ix_customer_birthday"), "customer", ["birthday"], unique=False)
    op.create_index(
        op.f("ix_customer_contract_ends_on"), "customer", ["contract_ends_on"], unique=False
    )
    op.create_index(op.f("ix_customer_created_at"), "customer", ["created_at"], unique=False)
    op.create_index(op.f("ix_customer_industry"), "customer", ["industry"], unique=False)
    op.create_index(op.f("ix_customer_lifecycle"), "customer", ["lifecycle"], unique=False)
    op.create_index("ix_customer_list", "customer", ["state", "name_sort", "id"], unique=False)
    op.create_index(op.f("ix_customer_name_key"), "customer", ["name_key"], unique=False)
    op.create_index(
        "ix_customer_owner", "customer", ["owner_id", "state", "name_sort"], unique=False
    )
    op.create_index(op.f("ix_customer_stage"), "customer", ["stage"], unique=False)
    op.create_index(op.f("ix_customer_tier"), "customer", ["tier"], unique=False)
    op.create_index(op.f("ix_customer_updated_at"), "customer", ["updated_at"], unique=False)
    op.create_table(
        "export",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reader_id", sa.Integer(), nullable=True),
        sa.Column("layout", sa.String(length=16), nullable=False),
        sa.Column("format", sa.String(length=8), nullable=False),
        sa.Column(
            "asked",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("archived", sa.Boolean(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["reader_id"], ["user.id"], name=op.f("fk_export_reader_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_export")),
    )
    op.create_index("ix_export_reader", "export", ["reader_id", "made_at"], unique=False)
    op.create_table(
        "first_steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("put_away", sa.Boolean(), nullable=False),
        sa.Column("code_kept", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_first_steps_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_first_steps")),
        sa.UniqueConstraint("user_id", name=op.f("uq_first_steps_user_id")),
    )
    op.create_table(
        "handover",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column(
            "receivers",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("way", sa.String(length=8), nullable=False),
        sa.Column(
            "counts",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("moved", sa.Integer(), nullable=False),
        sa.Column("operation_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_handover_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover")),
    )
    op.create_index(op.f("ix_handover_user_id"), "handover", ["user_id"], unique=False)
    op.create_table(
        "import_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=22), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("told", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["import.id"], name=op.f("fk_import_note_import_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_note")),
        sa.UniqueConstraint("uid", name=op.f("uq_import_note_uid")),
    )
    op.create_index("uq_import_note_number", "import_note", ["import_id", "number"], unique=True)
    op.create_table(
        "import_row",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("fate", sa.String(length=9), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=True),
        sa.Column("order_id", sa.Integer(), nullable=True),
        sa.Column("object_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["import_id"], ["import.id"], name=op.f("fk_import_row_import_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_row")),
    )
    op.create_index(op.f("ix_import_row_customer_id"), "import_row", ["customer_id"], unique=False)
    op.create_index(
        "ix_import_row_fate", "import_row", ["import_id", "fate", "number"], unique=False
    )
    op.create_index("ix_import_row_object", "import_row", ["object_id", "import_id"], unique=False)
    op.create_index("ix_import_row_order", "import_row", ["order_id", "import_id"], unique=False)
    op.create_index("uq_import_row_number", "import_row", ["import_id", "number"], unique=True)
    op.create_table(
        "improvement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("status", sa.String(length=8), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["user.id"], name=op.f("fk_improvement_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_improvement")),
    )
    op.create_index(op.f("ix_improvement_owner_id"), "improvement", ["owner_id"], unique=False)
    op.create_index(
        "ix_improvement_status", "improvement", ["state", "status", "due_on"], unique=False
    )
    op.create_table(
        "muted_kind",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_muted_kind_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_muted_kind")),
        sa.UniqueConstraint("user_id", "kind", name=op.f("uq_muted_kind_user_id_kind")),
    )
    op.create_table(
        "notification",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column(
            "params",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("key", sa.String(length=160), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_notification_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notification")),
        sa.UniqueConstraint("user_id", "key", name=op.f("uq_notification_user_id_key")),
    )
    op.create_index("ix_notification_person", "notification", ["user_id", "id"], unique=False)
    op.create_index(
        "ix_notification_unread", "notification", ["user_id", "read_at", "id"], unique=False
    )
    op.create_table(
        "saved_view",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("list", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "query",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["user.id"], name=op.f("fk_saved_view_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_view")),
    )
    op.create_index(op.f("ix_saved_view_list"), "saved_view", ["list"], unique=False)
    op.create_index(op.f("ix_saved_view_owner_id"), "saved_view", ["owner_id"], unique=False)
    op.create_table(
        "sealed_operation",
        sa.Column("operation_id", sa.Integer(), nullable=False),
        sa.Column("seal_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["operation_id"], ["operation.id"], name=op.f("fk_sealed_operation_operation_id")
        ),
        sa.ForeignKeyConstraint(["seal_id"], ["seal.id"], name=op.f("fk_sealed_operation_seal_id")),
        sa.PrimaryKeyConstraint("operation_id", name=op.f("pk_sealed_operation")),
    )
    op.create_index(
        op.f("ix_sealed_operation_seal_id"), "sealed_operation", ["seal_id"], unique=False
    )
    op.create_table(
        "session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_digest", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("password_set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("device", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_session_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_session_token_digest")),
    )
    op.create_index(op.f("ix_session_expires_at"), "session", ["expires_at"], unique=False)
    op.create_index(op.f("ix_session_user_id"), "session", ["user_id"], unique=False)
    op.create_table(
        "strategy_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("strategy_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "content",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("operation_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["operation_id"], ["operation.id"], name=op.f("fk_strategy_version_operation_id")
        ),
        sa.ForeignKeyConstraint(
            ["strategy_id"], ["strategy.id"], name=op.f("fk_strategy_version_strategy_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_strategy_version")),
        sa.UniqueConstraint(
            "strategy_id", "number", name=op.f("uq_strategy_version_strategy_id_number")
        ),
    )
    op.create_table(
        "swept_week",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("week_on", sa.Date(), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_swept_week_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_swept_week")),
        sa.UniqueConstraint("user_id", "week_on", name=op.f("uq_swept_week_user_id_week_on")),
    )
    op.create_index(op.f("ix_swept_week_week_on"), "swept_week", ["week_on"], unique=False)
    op.create_table(
        "team",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column(
            "label",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("lead_id", sa.Integer(), nullable=True),
        sa.Column("calendar_id", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["calendar_id"], ["working_calendar.id"], name=op.f("fk_team_calendar_id")
        ),
        sa.ForeignKeyConstraint(["lead_id"], ["user.id"], name=op.f("fk_team_lead_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team")),
        sa.UniqueConstraint("key", name=op.f("uq_team_key")),
    )
    op.create_table(
        "tier_review",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("quarter", sa.String(length=6), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("looked", sa.Integer(), nullable=False),
        sa.Column("unknown", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_tier_review_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tier_review")),
    )
    op.create_index(op.f("ix_tier_review_quarter"), "tier_review", ["quarter"], unique=False)
    op.create_table(
        "attachment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=22), nullable=False),
        sa.Column("record_type", sa.String(length=32), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["added_by_id"], ["user.id"], name=op.f("fk_attachment_added_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name=op.f("fk_attachment_customer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
        sa.UniqueConstraint("uid", name=op.f("uq_attachment_uid")),
    )
    op.create_index(op.f("ix_attachment_customer_id"), "attachment", ["customer_id"], unique=False)
    op.create_index("ix_attachment_deleted", "attachment", ["state", "updated_at"], unique=False)
    op.create_index(
        "ix_attachment_record",
        "attachment",
        ["record_type", "record_id", "state", "id"],
        unique=False,
    )
    op.create_table(
        "cleanup_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("quarter", sa.String(length=6), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("keep", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customer.id"],
            name=op.f("fk_cleanup_line_customer_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cleanup_line")),
    )
    op.create_index(
        op.f("ix_cleanup_line_customer_id"), "cleanup_line", ["customer_id"], unique=False
    )
    op.create_index("uq_cleanup_line", "cleanup_line", ["quarter", "customer_id"], unique=True)
    op.create_table(
        "confirmation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("record", sa.String(length=8), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("part", sa.String(length=8), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"], ["user.id"], name=op.f("fk_confirmation_confirmed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customer.id"],
            name=op.f("fk_confirmation_customer_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_confirmation")),
    )
    op.create_index("ix_confirmation_at", "confirmation", ["confirmed_at"], unique=False)
    op.create_index(
        op.f("ix_confirmation_customer_id"), "confirmation", ["customer_id"], unique=False
    )
    op.create_index("uq_confirmation", "confirmation", ["record", "record_id", "part"], unique=True)
    op.create_table(
        "contact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=22), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("is_primary", sa.Boolean(), nullable=False),
        sa.Column("is_self", sa.Boolean(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column(
            "name_sort",
            sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=120), nullable=True),
        sa.Column("role", sa.String(length=40), nullable=True),
        sa.Column("mobile", sa.String(), nullable=True),
        sa.Column("phone", sa.String(), nullable=True),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("im", sa.String(), nullable=True),
        sa.Column("channel", sa.String(length=40), nullable=True),
        sa.Column("no_marketing", sa.Boolean(), nullable=False),
        sa.Column("birthday", sa.Date(), nullable=True),
        sa.Column("birthday_lunar", sa.Boolean(), nullable=False),
        sa.Column("relation", sa.String(length=40), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column(
            "extra",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=True,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name=op.f("fk_contact_customer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
        sa.UniqueConstraint("uid", name=op.f("uq_contact_uid")),
    )
    op.create_index("ix_contact_customer", "contact", ["customer_id", "state"], unique=False)
    op.create_table(
        "customer_alias",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name=op.f("fk_customer_alias_customer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_alias")),
    )
    op.create_index(
        op.f("ix_customer_alias_customer_id"), "customer_alias", ["customer_id"], unique=False
    )
    op.create_index("uq_customer_alias", "customer_alias", ["number", "customer_id"], unique=True)
    op.create_table(
        "customer_facts",
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("last_contact_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_contact_kind", sa.String(length=40), nullable=True),
        sa.Column("last_contact_said", sa.String(length=200), nullable=True),
        sa.Column("last_contact_by_id", sa.Integer(), nullable=True),
        sa.Column("next_step_on", sa.Date(), nullable=True),
        sa.Column("next_step", sa.String(length=200), nullable=True),
        sa.Column("interactions", sa.Integer(), nullable=False),
        sa.Column("contacts", sa.Integer(), nullable=False),
        sa.Column("needs", sa.Integer(), nullable=False),
        sa.Column("open_needs", sa.Integer(), nullable=False),
        sa.Column("urgency", sa.String(length=40), nullable=True),
        sa.Column("budget", sa.String(length=40), nullable=True),
        sa.Column("core_need", sa.String(length=40), nullable=True),
        sa.Column("risks", sa.Integer(), nullable=False),
        sa.Column("orders", sa.Integer(), nullable=False),
        sa.Column("bought", sa.BigInteger(), nullable=False),
        sa.Column("average_order", sa.BigInteger(), nullable=True),
        sa.Column("first_order_on", sa.Date(), nullable=True),
        sa.Column("last_order_on", sa.Date(), nullable=True),
        sa.Column("order_interval", sa.Integer(), nullable=True),
        sa.Column("next_order_on", sa.Date(), nullable=True),
        sa.Column("orders_year", sa.Integer(), nullable=False),
        sa.Column("bought_year", sa.BigInteger(), nullable=False),
        sa.Column("orders_until", sa.Date(), nullable=True),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("answer_days", sa.Integer(), nullable=True),
        sa.Column("waiting_days", sa.Integer(), nullable=True),
        sa.Column("answers_until", sa.Date(), nullable=True),
        sa.Column("complaints", sa.Integer(), nullable=False),
        sa.Column("incomplete", sa.Boolean(), nullable=False),
        sa.Column("rules_due", sa.Boolean(), nullable=False),
        sa.Column("plan_due", sa.Boolean(), nullable=False),
        sa.Column("confirm_due", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customer.id"],
            name=op.f("fk_customer_facts_customer_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("customer_id", name=op.f("pk_customer_facts")),
    )
    op.create_index(
        op.f("ix_customer_facts_answers_until"), "customer_facts", ["answers_until"], unique=False
    )
    op.create_index(op.f("ix_customer_facts_bought"), "customer_facts", ["bought"], unique=False)
    op.create_index(
        "ix_customer_facts_confirm_due",
        "customer_facts",
        ["customer_id"],
        unique=False,
        sqlite_where=sa.text("confirm_due"),
        postgresql_where=sa.text("confirm_due"),
    )
    op.create_index(
        op.f("ix_customer_facts_last_contact_at"),
        "customer_facts",
        ["last_contact_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_customer_facts_last_order_on"), "customer_facts", ["last_order_on"], unique=False
    )
    op.create_index(
        op.f("ix_customer_facts_next_order_on"), "customer_facts", ["next_order_on"], unique=False
    )
    op.create_index(
        op.f("ix_customer_facts_next_step_on"), "customer_facts", ["next_step_on"], unique=False
    )
    op.create_index(
        op.f("ix_customer_facts_order_interval"), "customer_facts", ["order_interval"], unique=False
    )
    op.create_index(op.f("ix_customer_facts_orders"), "customer_facts", ["orders"], unique=False)
    op.create_index(
        op.f("ix_customer_facts_orders_until"), "customer_facts", ["orders_until"], unique=False
    )
    op.create_index(
        "ix_customer_facts_plan_due",
        "customer_facts",
        ["customer_id"],
        unique=False,
        sqlite_where=sa.text("plan_due"),
        postgresql_where=sa.text("plan_due"),
    )
    op.create_index(
        "ix_customer_facts_rules_due",
        "customer_facts",
        ["customer_id"],
        unique=False,
        sqlite_where=sa.text("rules_due"),
        postgresql_where=sa.text("rules_due"),
    )
    op.create_table(
        "customer_tag",
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("tag_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customer.id"],
            name=op.f("fk_customer_tag_customer_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["tag_id"], ["tag.id"], name=op.f("fk_customer_tag_tag_id")),
        sa.PrimaryKeyConstraint("customer_id", "tag_id", name=op.f("pk_customer_tag")),
    )
    op.create_index(op.f("ix_customer_tag_tag_id"), "customer_tag", ["tag_id"], unique=False)
    op.create_table(
        "dormancy",
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("warned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rested_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asked_for", sa.Date(), nullable=True),
        sa.Column(
            "held",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=True,
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customer.id"],
            name=op.f("fk_dormancy_customer_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("customer_id", name=op.f("pk_dormancy")),
    )
    op.create_table(
        "followed_strategy",
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("strategy_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("begun_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customer.id"],
            name=op.f("fk_followed_strategy_customer_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["strategy_id"], ["strategy.id"], name=op.f("fk_followed_strategy_strategy_id")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["strategy_version.id"], name=op.f("fk_followed_strategy_version_id")
        ),
        sa.PrimaryKeyConstraint("customer_id", "strategy_id", name=op.f("pk_followed_strategy")),
    )
    op.create_index(
        op.f("ix_followed_strategy_strategy_id"), "followed_strategy", ["strategy_id"], unique=False
    )
    op.create_table(
        "learnt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(length=8), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("learnt_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name=op.f("fk_learnt_customer_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_learnt_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_learnt")),
    )
    op.create_index(op.f("ix_learnt_customer_id"), "learnt", ["customer_id"], unique=False)
    op.create_index("ix_learnt_user", "learnt", ["user_id", "entered_at"], unique=False)
    op.create_table(
        "membership",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["team_id"], ["team.id"], name=op.f("fk_membership_team_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_membership_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
        sa.UniqueConstraint("team_id", "user_id", name=op.f("uq_membership_team_id_user_id")),
    )
    op.create_index(op.f("ix_membership_user_id"), "membership", ["user_id"], unique=False)
    op.create_table(
        "need",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=22), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("goal", sa.String(), nullable=True),
        sa.Column("core_need", sa.String(length=40), nullable=True),
        sa.Column("product", sa.String(), nullable=True),
        sa.Column("pain", sa.String(), nullable=True),
        sa.Column("expectations", sa.String(), nullable=True),
        sa.Column("decision", sa.String(), nullable=True),
        sa.Column("urgency", sa.String(length=40), nullable=True),
        sa.Column("budget", sa.String(length=40), nullable=True),
        sa.Column("opened_on", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column(
            "extra",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=True,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_need_customer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_need")),
        sa.UniqueConstraint("uid", name=op.f("uq_need_uid")),
    )
    op.create_index("ix_need_customer", "need", ["customer_id", "state"], unique=False)
    op.create_table(
        "order",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=22), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("ordered_on", sa.Date(), nullable=False),
        sa.Column("expected_on", sa.Date(), nullable=True),
        sa.Column("seller_id", sa.Integer(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("discount_rate", sa.Integer(), nullable=False),
        sa.Column("discount_amount", sa.BigInteger(), nullable=False),
        sa.Column("remark", sa.String(), nullable=True),
        sa.Column("subtotal", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("refunded", sa.BigInteger(), nullable=False),
        sa.Column(
            "extra",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=True,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name=op.f("fk_order_customer_id")
        ),
        sa.ForeignKeyConstraint(["seller_id"], ["user.id"], name=op.f("fk_order_seller_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order")),
        sa.UniqueConstraint("number", name=op.f("uq_order_number")),
        sa.UniqueConstraint("uid", name=op.f("uq_order_uid")),
    )
    op.create_index(
        "ix_order_customer", "order", ["customer_id", "state", "ordered_on"], unique=False
    )
    op.create_index("ix_order_day", "order", ["state", "ordered_on", "id"], unique=False)
    op.create_index(
        "ix_order_seller", "order", ["seller_id", "state", "ordered_on", "id"], unique=False
    )
    op.create_index(
        "ix_order_status", "order", ["status", "state", "ordered_on", "id"], unique=False
    )
    op.create_index("ix_order_total", "order", ["state", "total", "id"], unique=False)
    op.create_table(
        "purchase_cycle",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("interval", sa.Integer(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("next_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customer.id"],
            name=op.f("fk_purchase_cycle_customer_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["product_id"],
            ["product.id"],
            name=op.f("fk_purchase_cycle_product_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purchase_cycle")),
    )
    op.create_index(op.f("ix_purchase_cycle_next_on"), "purchase_cycle", ["next_on"], unique=False)
    op.create_index(
        op.f("ix_purchase_cycle_product_id"), "purchase_cycle", ["product_id"], unique=False
    )
    op.create_index(
        "uq_purchase_cycle", "purchase_cycle", ["customer_id", "product_id"], unique=True
    )
    op.create_table(
        "remark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=22), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("is_risk", sa.Boolean(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["user.id"], name=op.f("fk_remark_author_id")),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name=op.f("fk_remark_customer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_remark")),
        sa.UniqueConstraint("uid", name=op.f("uq_remark_uid")),
    )
    op.create_index("ix_remark_customer", "remark", ["customer_id", "state"], unique=False)
    op.create_table(
        "tier_pin",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("tier", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("pinned_by_id", sa.Integer(), nullable=True),
        sa.Column("pinned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customer.id"],
            name=op.f("fk_tier_pin_customer_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["pinned_by_id"], ["user.id"], name=op.f("fk_tier_pin_pinned_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tier_pin")),
        sa.UniqueConstraint("customer_id", name=op.f("uq_tier_pin_customer_id")),
    )
    op.create_table(
        "tier_proposal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("before", sa.String(length=40), nullable=True),
        sa.Column("after", sa.String(length=40), nullable=False),
        sa.Column(
            "points",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("mean", sa.Double(), nullable=True),
        sa.Column("known", sa.Integer(), nullable=False),
        sa.Column("pack", sa.String(length=24), nullable=True),
        sa.Column(
            "why",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=True,
        ),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customer.id"],
            name=op.f("fk_tier_proposal_customer_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["review_id"], ["tier_review.id"], name=op.f("fk_tier_proposal_review_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tier_proposal")),
    )
    op.create_index(
        op.f("ix_tier_proposal_customer_id"), "tier_proposal", ["customer_id"], unique=False
    )
    op.create_index(
        "ix_tier_proposal_state", "tier_proposal", ["review_id", "state", "id"], unique=False
    )
    op.create_index("uq_tier_proposal", "tier_proposal", ["review_id", "customer_id"], unique=True)
    op.create_table(
        "case",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=22), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("category", sa.String(length=40), nullable=True),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("product", sa.String(length=200), nullable=True),
        sa.Column("order_number", sa.String(length=80), nullable=True),
        sa.Column("level", sa.String(length=40), nullable=True),
        sa.Column("mood", sa.String(length=40), nullable=True),
        sa.Column("demand", sa.Text(), nullable=True),
        sa.Column("is_complex", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("assignee_id", sa.Integer(), nullable=True),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.Column("root_cause", sa.String(length=40), nullable=True),
        sa.Column("cause_note", sa.Text(), nullable=True),
        sa.Column("corrective_action", sa.Text(), nullable=True),
        sa.Column("resolution", sa.Text(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "extra",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=True,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["assignee_id"], ["user.id"], name=op.f("fk_case_assignee_id")),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_case_contact_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_case_customer_id")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_case_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case")),
        sa.UniqueConstraint("number", name=op.f("uq_case_number")),
        sa.UniqueConstraint("uid", name=op.f("uq_case_uid")),
    )
    op.create_index("ix_case_category", "case", ["category", "state", "opened_at"], unique=False)
    op.create_index(op.f("ix_case_contact_id"), "case", ["contact_id"], unique=False)
    op.create_index("ix_case_customer", "case", ["customer_id", "state", "opened_at"], unique=False)
    op.create_index(op.f("ix_case_opened_at"), "case", ["opened_at"], unique=False)
    op.create_index(op.f("ix_case_team_id"), "case", ["team_id"], unique=False)
    op.create_table(
        "contact_key",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(length=16), nullable=False),
        sa.Column("hash", sa.String(length=24), nullable=False),
        sa.ForeignKeyConstraint(
            ["contact_id"],
            ["contact.id"],
            name=op.f("fk_contact_key_contact_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name=op.f("fk_contact_key_customer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_key")),
    )
    op.create_index(op.f("ix_contact_key_contact_id"), "contact_key", ["contact_id"], unique=False)
    op.create_index(
        op.f("ix_contact_key_customer_id"), "contact_key", ["customer_id"], unique=False
    )
    op.create_index("ix_contact_key_hash", "contact_key", ["hash", "purpose"], unique=False)
    op.create_table(
        "interaction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("direction", sa.String(length=4), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("participants", sa.String(length=300), nullable=True),
        sa.Column("done_by_id", sa.Integer(), nullable=True),
        sa.Column("done_by_name", sa.String(length=120), nullable=True),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("feedback", sa.Text(), nullable=True),
        sa.Column("answered", sa.Boolean(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("result", sa.String(length=200), nullable=True),
        sa.Column("quotation_sent", sa.Boolean(), nullable=False),
        sa.Column("imported", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_interaction_contact_id")
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name=op.f("fk_interaction_customer_id")
        ),
        sa.ForeignKeyConstraint(
            ["done_by_id"], ["user.id"], name=op.f("fk_interaction_done_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["user.id"], name=op.f("fk_interaction_recorded_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interaction")),
    )
    op.create_index(op.f("ix_interaction_contact_id"), "interaction", ["contact_id"], unique=False)
    op.create_index(
        "ix_interaction_customer",
        "interaction",
        ["customer_id", "state", "occurred_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_interaction_done",
        "interaction",
        ["done_by_id", "occurred_at", "recorded_at", "state", "imported"],
        unique=False,
    )
    op.create_index(
        op.f("ix_interaction_occurred_at"), "interaction", ["occurred_at"], unique=False
    )
    op.create_table(
        "order_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=True),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("discount_rate", sa.Integer(), nullable=False),
        sa.Column("discount_amount", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name=op.f("fk_order_line_customer_id")
        ),
        sa.ForeignKeyConstraint(["order_id"], ["order.id"], name=op.f("fk_order_line_order_id")),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_order_line_product_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_line")),
    )
    op.create_index(op.f("ix_order_line_customer_id"), "order_line", ["customer_id"], unique=False)
    op.create_index(
        "ix_order_line_order", "order_line", ["order_id", "position", "id"], unique=False
    )
    op.create_index(op.f("ix_order_line_product_id"), "order_line", ["product_id"], unique=False)
    op.create_table(
        "order_return",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=22), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("returned_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.Column("settlement", sa.String(length=8), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("remark", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name=op.f("fk_order_return_customer_id")
        ),
        sa.ForeignKeyConstraint(["order_id"], ["order.id"], name=op.f("fk_order_return_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_return")),
        sa.UniqueConstraint("number", name=op.f("uq_order_return_number")),
        sa.UniqueConstraint("uid", name=op.f("uq_order_return_uid")),
    )
    op.create_index(
        "ix_order_return_customer",
        "order_return",
        ["customer_id", "state", "returned_on"],
        unique=False,
    )
    op.create_index("ix_order_return_order", "order_return", ["order_id", "state"], unique=False)
    op.create_table(
        "case_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column(
            "data",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=True,
        ),
        sa.Column("why", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_case_event_case_id")),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name=op.f("fk_case_event_customer_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_case_event_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_event")),
    )
    op.create_index("ix_case_event_case", "case_event", ["case_id", "at", "id"], unique=False)
    op.create_index(op.f("ix_case_event_customer_id"), "case_event", ["customer_id"], unique=False)
    op.create_table(
        "case_facts",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("assignee_id", sa.Integer(), nullable=True),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.Column("tier", sa.String(length=40), nullable=True),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("clock", sa.String(length=16), nullable=True),
        sa.Column("unit", sa.String(length=8), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sort_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_held", sa.Boolean(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("step_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reopened", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["assignee_id"], ["user.id"], name=op.f("fk_case_facts_assignee_id")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_case_facts_case_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["user.id"], name=op.f("fk_case_facts_owner_id")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_case_facts_team_id")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_case_facts")),
    )
    op.create_index(
        "ix_case_facts_assignee",
        "case_facts",
        ["assignee_id", "is_open", "sort_at", "case_id"],
        unique=False,
    )
    op.create_index(
        "ix_case_facts_due", "case_facts", ["is_open", "sort_at", "case_id"], unique=False
    )
    op.create_index(
        "ix_case_facts_owner",
        "case_facts",
        ["owner_id", "is_open", "sort_at", "case_id"],
        unique=False,
    )
    op.create_index(
        "ix_case_facts_status", "case_facts", ["status", "sort_at", "case_id"], unique=False
    )
    op.create_index("ix_case_facts_step", "case_facts", ["step_at"], unique=False)
    op.create_index(
        "ix_case_facts_team",
        "case_facts",
        ["team_id", "is_open", "sort_at", "case_id"],
        unique=False,
    )
    op.create_table(
        "case_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_case_link_case_id")),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name=op.f("fk_case_link_customer_id")
        ),
        sa.ForeignKeyConstraint(["other_id"], ["case.id"], name=op.f("fk_case_link_other_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_link")),
        sa.UniqueConstraint("case_id", "other_id", name=op.f("uq_case_link_case_id_other_id")),
    )
    op.create_index(op.f("ix_case_link_customer_id"), "case_link", ["customer_id"], unique=False)
    op.create_index(op.f("ix_case_link_other_id"), "case_link", ["other_id"], unique=False)
    op.create_table(
        "case_member",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("duty", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_case_member_case_id")),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name=op.f("fk_case_member_customer_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_case_member_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_member")),
        sa.UniqueConstraint("case_id", "user_id", name=op.f("uq_case_member_case_id_user_id")),
    )
    op.create_index(
        op.f("ix_case_member_customer_id"), "case_member", ["customer_id"], unique=False
    )
    op.create_index(op.f("ix_case_member_user_id"), "case_member", ["user_id"], unique=False)
    op.create_table(
        "case_message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("direction", sa.String(length=4), nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=True),
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column(
            "mentions",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=True,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["user.id"], name=op.f("fk_case_message_author_id")),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_case_message_case_id")),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_case_message_contact_id")
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name=op.f("fk_case_message_customer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_message")),
    )
    op.create_index("ix_case_message_case", "case_message", ["case_id", "at", "id"], unique=False)
    op.create_index(
        op.f("ix_case_message_customer_id"), "case_message", ["customer_id"], unique=False
    )
    op.create_table(
        "contact_start",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("interaction_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name=op.f("fk_contact_start_customer_id")
        ),
        sa.ForeignKeyConstraint(
            ["interaction_id"], ["interaction.id"], name=op.f("fk_contact_start_interaction_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_contact_start_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_start")),
    )
    op.create_index(
        op.f("ix_contact_start_customer_id"), "contact_start", ["customer_id"], unique=False
    )
    op.create_index(
        op.f("ix_contact_start_interaction_id"), "contact_start", ["interaction_id"], unique=False
    )
    op.create_index(
        "ix_contact_start_user", "contact_start", ["user_id", "status", "at"], unique=False
    )
    op.create_table(
        "improvement_case",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("improvement_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_by_id", sa.Integer(), nullable=True),
        sa.Column("told_how", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_improvement_case_case_id")),
        sa.ForeignKeyConstraint(
            ["improvement_id"], ["improvement.id"], name=op.f("fk_improvement_case_improvement_id")
        ),
        sa.ForeignKeyConstraint(
            ["told_by_id"], ["user.id"], name=op.f("fk_improvement_case_told_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_improvement_case")),
        sa.UniqueConstraint(
            "improvement_id", "case_id", name=op.f("uq_improvement_case_improvement_id_case_id")
        ),
    )
    op.create_index(
        op.f("ix_improvement_case_case_id"), "improvement_case", ["case_id"], unique=False
    )
    op.create_table(
        "object",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=22), nullable=False),
        sa.Column("type_id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.Column("order_id", sa.Integer(), nullable=True),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column(
            "called",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=True,
        ),
        sa.Column(
            "extra",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=True,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_object_case_id")),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_object_contact_id")),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name=op.f("fk_object_customer_id")
        ),
        sa.ForeignKeyConstraint(["order_id"], ["order.id"], name=op.f("fk_object_order_id")),
        sa.ForeignKeyConstraint(["type_id"], ["object_type.id"], name=op.f("fk_object_type_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_object")),
        sa.UniqueConstraint("uid", name=op.f("uq_object_uid")),
    )
    op.create_index(
        "ix_object_case",
        "object",
        ["case_id", "state"],
        unique=False,
        sqlite_where=sa.text("case_id IS NOT NULL"),
        postgresql_where=sa.text("case_id IS NOT NULL"),
    )
    op.create_index(
        "ix_object_contact",
        "object",
        ["contact_id", "state"],
        unique=False,
        sqlite_where=sa.text("contact_id IS NOT NULL"),
        postgresql_where=sa.text("contact_id IS NOT NULL"),
    )
    op.create_index(
        "ix_object_counted", "object", ["type_id", "state", "customer_id", "day"], unique=False
    )
    op.create_index(
        "ix_object_customer", "object", ["customer_id", "state", "type_id", "day"], unique=False
    )
    op.create_index(
        "ix_object_order",
        "object",
        ["order_id", "state"],
        unique=False,
        sqlite_where=sa.text("order_id IS NOT NULL"),
        postgresql_where=sa.text("order_id IS NOT NULL"),
    )
    op.create_index("ix_object_type", "object", ["type_id", "state", "day", "id"], unique=False)
    op.create_table(
        "order_return_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("return_id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name=op.f("fk_order_return_line_customer_id")
        ),
        sa.ForeignKeyConstraint(
            ["line_id"], ["order_line.id"], name=op.f("fk_order_return_line_line_id")
        ),
        sa.ForeignKeyConstraint(
            ["return_id"], ["order_return.id"], name=op.f("fk_order_return_line_return_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_return_line")),
    )
    op.create_index(
        op.f("ix_order_return_line_customer_id"), "order_return_line", ["customer_id"], unique=False
    )
    op.create_index(
        op.f("ix_order_return_line_line_id"), "order_return_line", ["line_id"], unique=False
    )
    op.create_index(
        op.f("ix_order_return_line_return_id"), "order_return_line", ["return_id"], unique=False
    )
    op.create_table(
        "task",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("interaction_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("status", sa.String(length=8), nullable=False),
        sa.Column("what", sa.String(length=200), nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("remind_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "repeat",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=True,
        ),
        sa.Column(
            "reason",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=True,
        ),
        sa.Column("assignee_id", sa.Integer(), nullable=True),
        sa.Column("planned_by_id", sa.Integer(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by_id", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.String(length=300), nullable=True),
        sa.Column("alert_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("alerted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["assignee_id"], ["user.id"], name=op.f("fk_task_assignee_id")),
        sa.ForeignKeyConstraint(["closed_by_id"], ["user.id"], name=op.f("fk_task_closed_by_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_task_customer_id")),
        sa.ForeignKeyConstraint(
            ["interaction_id"], ["interaction.id"], name=op.f("fk_task_interaction_id")
        ),
        sa.ForeignKeyConstraint(["planned_by_id"], ["user.id"], name=op.f("fk_task_planned_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task")),
    )
    op.create_index(
        "ix_task_alert",
        "task",
        ["alert_at"],
        unique=False,
        sqlite_where=sa.text("alert_at IS NOT NULL"),
        postgresql_where=sa.text("alert_at IS NOT NULL"),
    )
    op.create_index(
        "ix_task_assignee", "task", ["assignee_id", "status", "due_on", "id"], unique=False
    )
    op.create_index("ix_task_customer", "task", ["customer_id", "status", "due_on"], unique=False)
    op.create_index(op.f("ix_task_interaction_id"), "task", ["interaction_id"], unique=False)
    op.create_index(
        "ix_task_kind", "task", ["assignee_id", "status", "kind", "due_on", "id"], unique=False
    )
    op.create_index("ix_task_moment", "task", ["assignee_id", "status", "due_at"], unique=False)
    op.create_table(
        "case_task",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_case_task_case_id")),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name=op.f("fk_case_task_customer_id")
        ),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_case_task_task_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_task")),
        sa.UniqueConstraint("task_id", name=op.f("uq_case_task_task_id")),
    )
    op.create_index(op.f("ix_case_task_case_id"), "case_task", ["case_id"], unique=False)
    op.create_index(op.f("ix_case_task_customer_id"), "case_task", ["customer_id"], unique=False)
    op.create_table(
        "planned_touch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("strategy_id", sa.Integer(), nullable=False),
        sa.Column("touch", sa.String(length=60), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("executor_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("since_on", sa.Date(), nullable=True),
        sa.Column("anchor_on", sa.Date(), nullable=True),
        sa.Column("planned_on", sa.Date(), nullable=False),
        sa.Column("before_on", sa.Date(), nullable=False),
        sa.Column("levelled_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customer.id"],
            name=op.f("fk_planned_touch_customer_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["executor_id"], ["user.id"], name=op.f("fk_planned_touch_executor_id")
        ),
        sa.ForeignKeyConstraint(
            ["strategy_id"], ["strategy.id"], name=op.f("fk_planned_touch_strategy_id")
        ),
        sa.ForeignKeyConstraint(
            ["task_id"], ["task.id"], name=op.f("fk_planned_touch_task_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["strategy_version.id"], name=op.f("fk_planned_touch_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_planned_touch")),
        sa.UniqueConstraint("task_id", name=op.f("uq_planned_touch_task_id")),
    )
    op.create_index(
        "ix_planned_touch_before", "planned_touch", ["state", "before_on"], unique=False
    )
    op.create_index(
        "ix_planned_touch_customer", "planned_touch", ["customer_id", "state"], unique=False
    )
    op.create_index(
        "ix_planned_touch_levelled",
        "planned_touch",
        ["executor_id", "levelled_on"],
        unique=False,
        sqlite_where=sa.text("levelled_on IS NOT NULL"),
        postgresql_where=sa.text("levelled_on IS NOT NULL"),
    )
    op.create_index(
        "ix_planned_touch_plan", "planned_touch", ["executor_id", "planned_on"], unique=False
    )
    op.create_index(
        op.f("ix_planned_touch_strategy_id"), "planned_touch", ["strategy_id"], unique=False
    )
    op.create_index(
        "uq_planned_touch_open",
        "planned_touch",
        ["customer_id", "strategy_id", "touch"],
        unique=True,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )


def downgrade():
    op.drop_index(
        "uq_planned_touch_open",
        table_name="planned_touch",
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.drop_index(op.f("ix_planned_touch_strategy_id"), table_name="planned_touch")
    op.drop_index("ix_planned_touch_plan", table_name="planned_touch")
    op.drop_index(
        "ix_planned_touch_levelled",
        table_name="planned_touch",
        sqlite_where=sa.text("levelled_on IS NOT NULL"),
        postgresql_where=sa.text("levelled_on IS NOT NULL"),
    )
    op.drop_index("ix_planned_touch_customer", table_name="planned_touch")
    op.drop_index("ix_planned_touch_before", table_name="planned_touch")
    op.drop_table("planned_touch")
    op.drop_index(op.f("ix_case_task_customer_id"), table_name="case_task")
    op.drop_index(op.f("ix_case_task_case_id"), table_name="case_task")
    op.drop_table("case_task")
    op.drop_index("ix_task_moment", table_name="task")
    op.drop_index("ix_task_kind", table_name="task")
    op.drop_index(op.f("ix_task_interaction_id"), table_name="task")
    op.drop_index("ix_task_customer", table_name="task")
    op.drop_index("ix_task_assignee", table_name="task")
    op.drop_index(
        "ix_task_alert",
        table_name="task",
        sqlite_where=sa.text("alert_at IS NOT NULL"),
        postgresql_where=sa.text("alert_at IS NOT NULL"),
    )
    op.drop_table("task")
    op.drop_index(op.f("ix_order_return_line_return_id"), table_name="order_return_line")
    op.drop_index(op.f("ix_order_return_line_line_id"), table_name="order_return_line")
    op.drop_index(op.f("ix_order_return_line_customer_id"), table_name="order_return_line")
    op.drop_table("order_return_line")
    op.drop_index("ix_object_type", table_name="object")
    op.drop_index(
        "ix_object_order",
        table_name="object",
        sqlite_where=sa.text("order_id IS NOT NULL"),
        postgresql_where=sa.text("order_id IS NOT NULL"),
    )
    op.drop_index("ix_object_customer", table_name="object")
    op.drop_index("ix_object_counted", table_name="object")
    op.drop_index(
        "ix_object_contact",
        table_name="object",
        sqlite_where=sa.text("contact_id IS NOT NULL"),
        postgresql_where=sa.text("contact_id IS NOT NULL"),
    )
    op.drop_index(
        "ix_object_case",
        table_name="object",
        sqlite_where=sa.text("case_id IS NOT NULL"),
        postgresql_where=sa.text("case_id IS NOT NULL"),
    )
    op.drop_table("object")
    op.drop_index(op.f("ix_improvement_case_case_id"), table_name="improvement_case")
    op.drop_table("improvement_case")
    op.drop_index("ix_contact_start_user", table_name="contact_start")
    op.drop_index(op.f("ix_contact_start_interaction_id"), table_name="contact_start")
    op.drop_index(op.f("ix_contact_start_customer_id"), table_name="contact_start")
    op.drop_table("contact_start")
    op.drop_index(op.f("ix_case_message_customer_id"), table_name="case_message")
    op.drop_index("ix_case_message_case", table_name="case_message")
    op.drop_table("case_message")
    op.drop_index(op.f("ix_case_member_user_id"), table_name="case_member")
    op.drop_index(op.f("ix_case_member_customer_id"), table_name="case_member")
    op.drop_table("case_member")
    op.drop_index(op.f("ix_case_link_other_id"), table_name="case_link")
    op.drop_index(op.f("ix_case_link_customer_id"), table_name="case_link")
    op.drop_table("case_link")
    op.drop_index("ix_case_facts_team", table_name="case_facts")
    op.drop_index("ix_case_facts_step", table_name="case_facts")
    op.drop_index("ix_case_facts_status", table_name="case_facts")
    op.drop_index("ix_case_facts_owner", table_name="case_facts")
    op.drop_index("ix_case_facts_due", table_name="case_facts")
    op.drop_index("ix_case_facts_assignee", table_name="case_facts")
    op.drop_table("case_facts")
    op.drop_index(op.f("ix_case_event_customer_id"), table_name="case_event")
    op.drop_index("ix_case_event_case", table_name="case_event")
    op.drop_table("case_event")
    op.drop_index("ix_order_return_order", table_name="order_return")
    op.drop_index("ix_order_return_customer", table_name="order_return")
    op.drop_table("order_return")
    op.drop_index(op.f("ix_order_line_product_id"), table_name="order_line")
    op.drop_index("ix_order_line_order", table_name="order_line")
    op.drop_index(op.f("ix_order_line_customer_id"), table_name="order_line")
    op.drop_table("order_line")
    op.drop_index(op.f("ix_interaction_occurred_at"), table_name="interaction")
    op.drop_index("ix_interaction_done", table_name="interaction")
    op.drop_index("ix_interaction_customer", table_name="interaction")
    op.drop_index(op.f("ix_interaction_contact_id"), table_name="interaction")
    op.drop_table("interaction")
    op.drop_index("ix_contact_key_hash", table_name="contact_key")
    op.drop_index(op.f("ix_contact_key_customer_id"), table_name="contact_key")
    op.drop_index(op.f("ix_contact_key_contact_id"), table_name="contact_key")
    op.drop_table("contact_key")
    op.drop_index(op.f("ix_case_team_id"), table_name="case")
    op.drop_index(op.f("ix_case_opened_at"), table_name="case")
    op.drop_index("ix_case_customer", table_name="case")
    op.drop_index(op.f("ix_case_contact_id"), table_name="case")
    op.drop_index("ix_case_category", table_name="case")
    op.drop_table("case")
    op.drop_index("uq_tier_proposal", table_name="tier_proposal")
    op.drop_index("ix_tier_proposal_state", table_name="tier_proposal")
    op.drop_index(op.f("ix_tier_proposal_customer_id"), table_name="tier_proposal")
    op.drop_table("tier_proposal")
    op.drop_table("tier_pin")
    op.drop_index("ix_remark_customer", table_name="remark")
    op.drop_table("remark")
    op.drop_index("uq_purchase_cycle", table_name="purchase_cycle")
    op.drop_index(op.f("ix_purchase_cycle_product_id"), table_name="purchase_cycle")
    op.drop_index(op.f("ix_purchase_cycle_next_on"), table_name="purchase_cycle")
    op.drop_table("purchase_cycle")
    op.drop_index("ix_order_total", table_name="order")
    op.drop_index("ix_order_status", table_name="order")
    op.drop_index("ix_order_seller", table_name="order")
    op.drop_index("ix_order_day", table_name="order")
    op.drop_index("ix_order_customer", table_name="order")
    op.drop_table("order")
    op.drop_index("ix_need_customer", table_name="need")
    op.drop_table("need")
    op.drop_index(op.f("ix_membership_user_id"), table_name="membership")
    op.drop_table("membership")
    op.drop_index("ix_learnt_user", table_name="learnt")
    op.drop_index(op.f("ix_learnt_customer_id"), table_name="learnt")
    op.drop_table("learnt")
    op.drop_index(op.f("ix_followed_strategy_strategy_id"), table_name="followed_strategy")
    op.drop_table("followed_strategy")
    op.drop_table("dormancy")
    op.drop_index(op.f("ix_customer_tag_tag_id"), table_name="customer_tag")
    op.drop_table("customer_tag")
    op.drop_index(
        "ix_customer_facts_rules_due",
        table_name="customer_facts",
        sqlite_where=sa.text("rules_due"),
        postgresql_where=sa.text("rules_due"),
    )
    op.drop_index(
        "ix_customer_facts_plan_due",
        table_name="customer_facts",
        sqlite_where=sa.text("plan_due"),
        postgresql_where=sa.text("plan_due"),
    )
    op.drop_index(op.f("ix_customer_facts_orders_until"), table_name="customer_facts")
    op.drop_index(op.f("ix_customer_facts_orders"), table_name="customer_facts")
    op.drop_index(op.f("ix_customer_facts_order_interval"), table_name="customer_facts")
    op.drop_index(op.f("ix_customer_facts_next_step_on"), table_name="customer_facts")
    op.drop_index(op.f("ix_customer_facts_next_order_on"), table_name="customer_facts")
    op.drop_index(op.f("ix_customer_facts_last_order_on"), table_name="customer_facts")
    op.drop_index(op.f("ix_customer_facts_last_contact_at"), table_name="customer_facts")
    op.drop_index(
        "ix_customer_facts_confirm_due",
        table_name="customer_facts",
        sqlite_where=sa.text("confirm_due"),
        postgresql_where=sa.text("confirm_due"),
    )
    op.drop_index(op.f("ix_customer_facts_bought"), table_name="customer_facts")
    op.drop_index(op.f("ix_customer_facts_answers_until"), table_name="customer_facts")
    op.drop_table("customer_facts")
    op.drop_index("uq_customer_alias", table_name="customer_alias")
    op.drop_index(op.f("ix_customer_alias_customer_id"), table_name="customer_alias")
    op.drop_table("customer_alias")
    op.drop_index("ix_contact_customer", table_name="contact")
    op.drop_table("contact")
    op.drop_index("uq_confirmation", table_name="confirmation")
    op.drop_index(op.f("ix_confirmation_customer_id"), table_name="confirmation")
    op.drop_index("ix_confirmation_at", table_name="confirmation")
    op.drop_table("confirmation")
    op.drop_index("uq_cleanup_line", table_name="cleanup_line")
    op.drop_index(op.f("ix_cleanup_line_customer_id"), table_name="cleanup_line")
    op.drop_table("cleanup_line")
    op.drop_index("ix_attachment_record", table_name="attachment")
    op.drop_index("ix_attachment_deleted", table_name="attachment")
    op.drop_index(op.f("ix_attachment_customer_id"), table_name="attachment")
    op.drop_table("attachment")
    op.drop_index(op.f("ix_tier_review_quarter"), table_name="tier_review")
    op.drop_table("tier_review")
    op.drop_table("team")
    op.drop_index(op.f("ix_swept_week_week_on"), table_name="swept_week")
    op.drop_table("swept_week")
    op.drop_table("strategy_version")
    op.drop_index(op.f("ix_session_user_id"), table_name="session")
    op.drop_index(op.f("ix_session_expires_at"), table_name="session")
    op.drop_table("session")
    op.drop_index(op.f("ix_sealed_operation_seal_id"), table_name="sealed_operation")
    op.drop_table("sealed_operation")
    op.drop_index(op.f("ix_saved_view_owner_id"), table_name="saved_view")
    op.drop_index(op.f("ix_saved_view_list"), table_name="saved_view")
    op.drop_table("saved_view")
    op.drop_index("ix_notification_unread", table_name="notification")
    op.drop_index("ix_notification_person", table_name="notification")
    op.drop_table("notification")
    op.drop_table("muted_kind")
    op.drop_index("ix_improvement_status", table_name="improvement")
    op.drop_index(op.f("ix_improvement_owner_id"), table_name="improvement")
    op.drop_table("improvement")
    op.drop_index("uq_import_row_number", table_name="import_row")
    op.drop_index("ix_import_row_order", table_name="import_row")
    op.drop_index("ix_import_row_object", table_name="import_row")
    op.drop_index("ix_import_row_fate", table_name="import_row")
    op.drop_index(op.f("ix_import_row_customer_id"), table_name="import_row")
    op.drop_table("import_row")
    op.drop_index("uq_import_note_number", table_name="import_note")
    op.drop_table("import_note")
    op.drop_index(op.f("ix_handover_user_id"), table_name="handover")
    op.drop_table("handover")
    op.drop_table("first_steps")
    op.drop_index("ix_export_reader", table_name="export")
    op.drop_table("export")
    op.drop_index(op.f("ix_customer_updated_at"), table_name="customer")
    op.drop_index(op.f("ix_customer_tier"), table_name="customer")
    op.drop_index(op.f("ix_customer_stage"), table_name="customer")
    op.drop_index("ix_customer_owner", table_name="customer")
    op.drop_index(op.f("ix_customer_name_key"), table_name="customer")
    op.drop_index("ix_customer_list", table_name="customer")
    op.drop_index(op.f("ix_customer_lifecycle"), table_name="customer")
    op.drop_index(op.f("ix_customer_industry"), table_name="customer")
    op.drop_index(op.f("ix_customer_created_at"), table_name="customer")
    op.drop_index(op.f("ix_customer_contract_ends_on"), table_name="customer")
    op.drop_index(op.f("ix_customer_birthday"), table_name="customer")
    op.drop_index(op.f("ix_customer_annual_amount"), table_name="customer")
    op.drop_table("customer")
    op.drop_index("ix_change_root", table_name="change")
    op.drop_index("ix_change_record", table_name="change")
    op.drop_index(op.f("ix_change_operation_id"), table_name="change")
    op.drop_table("change")
    op.drop_table("case_level_rule")
    op.drop_index("uq_canned_reply_shipped", table_name="canned_reply")
    op.drop_table("canned_reply")
    op.drop_table("calendar_feed")
    op.drop_index(op.f("ix_user_role_id"), table_name="user")
    op.drop_table("user")
    op.drop_index("uq_tag_shipped", table_name="tag")
    op.drop_table("tag")
    op.drop_table("role_grant")
    op.drop_index(op.f("ix_operation_part_of_id"), table_name="operation")
    op.drop_index(op.f("ix_operation_at"), table_name="operation")
    op.drop_index(op.f("ix_operation_actor_id"), table_name="operation")
    op.drop_table("operation")
    op.drop_index(op.f("ix_import_user_id"), table_name="import")
    op.drop_index("ix_import_headings", table_name="import")
    op.drop_index(op.f("ix_import_digest"), table_name="import")
    op.drop_index(op.f("ix_import_created_at"), table_name="import")
    op.drop_table("import")
    op.drop_table("calendar_day")
    op.drop_table("working_calendar")
    op.drop_index(op.f("ix_viewing_user_id"), table_name="viewing")
    op.drop_index(op.f("ix_viewing_at"), table_name="viewing")
    op.drop_table("viewing")
    op.drop_index("uq_tier_scheme_shipped", table_name="tier_scheme")
    op.drop_table("tier_scheme")
    op.drop_index(op.f("ix_throttle_last_at"), table_name="throttle")
    op.drop_table("throttle")
    op.drop_index("uq_tag_dimension_shipped", table_name="tag_dimension")
    op.drop_table("tag_dimension")
    op.drop_index("uq_strategy_shipped", table_name="strategy")
    op.drop_table("strategy")
    op.drop_table("setting")
    op.drop_table("segment")
    op.drop_table("search_doc")
    op.drop_table("seal")
    op.drop_table("role")
    op.drop_index(
        "uq_product_code",
        table_name="product",
        sqlite_where=sa.text("state != 'deleted'"),
        postgresql_where=sa.text("state != 'deleted'"),
    )
    op.drop_index("ix_product_name", table_name="product")
    op.drop_table("product")
    op.drop_index(op.f("ix_pack_failure_pack"), table_name="pack_failure")
    op.drop_index(op.f("ix_pack_failure_at"), table_name="pack_failure")
    op.drop_table("pack_failure")
    op.drop_table("pack")
    op.drop_table("order_series")
    op.drop_index("uq_object_type_shipped", table_name="object_type")
    op.drop_table("object_type")
    op.drop_table("number_series")
    op.drop_index(op.f("ix_job_worker_seen_at"), table_name="job_worker")
    op.drop_table("job_worker")
    op.drop_index("ix_job_slot", table_name="job")
    op.drop_index("ix_job_kind", table_name="job")
    op.drop_index(op.f("ix_job_finished_at"), table_name="job")
    op.drop_index("ix_job_due", table_name="job")
    op.drop_table("job")
    op.drop_index("uq_field_shipped", table_name="field")
    op.drop_index("uq_field_name", table_name="field")
    op.drop_table("field")
    op.drop_table("epoch")
    op.drop_table("dormancy_term")
    op.drop_index("uq_choice_shipped", table_name="choice")
    op.drop_table("choice")
    op.drop_index("uq_case_target_shipped", table_name="case_target")
    op.drop_table("case_target")
    op.drop_table("case_series")
    op.drop_index(op.f("ix_backup_name"), table_name="backup")
    op.drop_index(op.f("ix_backup_made_at"), table_name="backup")
    op.drop_table("backup")
    op.drop_index("uq_actor_who", table_name="actor")
    op.drop_index(op.f("ix_actor_user_id"), table_name="actor")
    op.drop_table("actor")
