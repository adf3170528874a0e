"""What packs bring and how they stand, in words."""

from collections.abc import Iterable, Mapping

from flask_babel import gettext as _

from crmlite.wording import N_, label
from crmlite.work import Refused

# What a pack declares, in the order in which a reader wants to know it.
BRINGS: Mapping[str, str] = {
    "register_customer_fields": N_("Fields of customers"),
    "register_contact_fields": N_("Fields of contacts"),
    "register_case_fields": N_("Fields of complaints and cases"),
    "register_order_fields": N_("Fields of orders"),
    "register_object_kinds": N_("Records of its own"),
    "register_tag_dimensions": N_("Families of tags"),
    "register_tags": N_("Tags"),
    "register_case_categories": N_("Case categories"),
    "register_choice_lists": N_("Further lists"),
    "register_choices": N_("Values of lists"),
    "register_canned_replies": N_("Canned replies"),
    "register_strategies": N_("Strategies"),
    "register_touch_events": N_("Events for touches"),
    "register_guards": N_("Conditions of the life-cycle"),
    "register_logic_rules": N_("Warnings"),
    "register_timeline": N_("In the timeline"),
    "register_navigation": N_("In the menu"),
    "register_creations": N_("Below “New”"),
    "register_settings_pages": N_("Pages of the settings"),
    "register_settings": N_("Things to be set"),
    "register_permissions": N_("Rights"),
    "register_job_kinds": N_("Background work"),
    "register_notification_kinds": N_("Notifications"),
    "register_task_reasons": N_("Reasons of tasks"),
    "register_health_checks": N_("Health checks"),
    "register_help": N_("Topics of the help"),
}
UNSAID = frozenset({"register_blueprints"})  # what is seen of pages is said by their entries
MOST_NAMES = 5

SENTENCES: Mapping[str, str] = {
    "pack-unknown": N_("There is no such pack on this machine."),
    "pack-unfit": N_("This pack cannot be used: %(fault)s"),
    "pack-other-version": N_("The pack %(pack)s is made for another version of crmlite."),
    "pack-clash": N_("This pack cannot be on beside %(other)s: both bring “%(name)s”."),
    "pack-on": N_("Switch %(pack)s off first."),
    "pack-off": N_("Switch %(pack)s on first."),
    "demo-none": N_("%(pack)s brings no demo data."),
    "demo-unfit": N_("The demo data of this pack cannot be used: %(fault)s"),
}


def refusal(refused: Refused) -> str:
    """Why something was not done to a pack."""
    params = {
        name: label(value) if isinstance(value, Mapping) else value
        for name, value in refused.params.items()
    }
    return str(_(SENTENCES[refused.code], **params))


def brought(hook: str) -> str:
    """What a hook of a pack brings; the hook itself where there is no word for it."""
    return label(BRINGS.get(hook, hook))


def named(things: Iterable[object]) -> str:
    """Declared things by what people call them, the first few of them; empty where they are called
    nothing."""
    words = [word for thing in things if (word := _word(thing))]
    if len(words) <= MOST_NAMES + 1:  # to count the last one takes as much room as to name it
        return str(_(", ")).join(words)
    shown = str(_(", ")).join(words[:MOST_NAMES])
    return str(_("%(names)s and others, %(number)s in all", names=shown, number=len(words)))


def _word(thing: object) -> str:
    for name in ("label", "title", "description"):
        words = getattr(thing, name, None)
        if isinstance(words, str | Mapping) and words:
            return label(words)
    return ""
