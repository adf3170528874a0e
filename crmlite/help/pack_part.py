"""What the help refuses of packs: a topic that some of its readers could not read."""

from crmlite.declarations import Declared
from crmlite.help.topics import GROUPS, LANGUAGES, HelpTopic
from crmlite.rules.fields import BadDeclaration


def refuse(pack: str, declared: Declared) -> None:
    """Raise BadDeclaration for topics that are not in both languages or of no group."""
    for topic in declared.get("register_help", ()):
        _refuse(pack, topic)


def _refuse(pack: str, topic: HelpTopic) -> None:
    where = f"Help topic {topic.name!r}"
    if not topic.name.startswith(f"{pack}__"):
        raise BadDeclaration(f"{where}: what belongs to this pack begins with `{pack}__`.")
    if topic.group not in GROUPS:
        raise BadDeclaration(f"{where}: there is no group {topic.group}.")
    for lang in LANGUAGES:
        if not topic.texts.get(lang, "").startswith("# "):
            raise BadDeclaration(f"{where}: its text in {lang} begins with `# ` and a title.")
