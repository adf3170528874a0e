"""What the help contributes: its pages, and the topics about crmlite itself."""

from pathlib import Path

from flask import Blueprint

from crmlite import hookimpl
from crmlite.declarations import PackPart
from crmlite.help.pack_part import refuse
from crmlite.help.topics import HelpTopic, topics_in
from crmlite.help.views import bp


@hookimpl
def register_blueprints() -> list[Blueprint]:
    return [bp]


@hookimpl
def register_help() -> list[HelpTopic]:
    return topics_in(Path(__file__).parent / "texts")


@hookimpl
def register_pack_parts() -> list[PackPart]:
    """Topics of packs."""
    return [PackPart(name="help", refuse=refuse)]
