"""What kinds, states, clocks and events of cases are called."""

from crmlite import settings
from crmlite.wording import N_, label

KINDS = {
    "complaint": N_("Complaint"),
    "enquiry": N_("Enquiry"),
    "service": N_("Service request"),
    "cooperation": N_("Cooperation problem"),
}
COMPLAINT = "complaint"
OF_COMPLAINT = ("level", "mood", "demand")  # what only complaints have
STATUSES = {
    "new": N_("New case"),
    "acknowledged": N_("Acknowledged"),
    "in_progress": N_("In progress"),
    "waiting": N_("Waiting for the customer"),
    "resolved": N_("Resolved"),
    "confirmed": N_("Confirmed"),
}
CLOCKS = {
    "response": N_("First response"),
    "plan": N_("Plan agreed"),
    "progress": N_("Progress report"),
    "resolution": N_("Resolution"),
    "revisit": N_("Revisit"),
}
CLOCK_ICONS = {
    "response": "message-circle",
    "plan": "clipboard-check",
    "progress": "report",
    "resolution": "check",
    "revisit": "phone",
}
LEVELS = "case-level"
GENERAL = "general"  # the level that complaints begin with where nothing says otherwise
LEADERS = {
    "nobody": N_("no automatic lead"),
    "team": N_("the lead of the case's team"),
    "manager": N_("a manager"),
    "person": N_("somebody named"),
}
NEEDS_CAUSE = ("severe", "critical")  # closed with root cause and corrective action
COMPLEX = ("severe", "critical")  # so by default
LISTS = {
    "category": "case-category",
    "level": LEVELS,
    "mood": "case-mood",
    "channel": "case-channel",
    "root_cause": "case-cause",
    "duty": "case-duty",
}


def kind_label(kind: str) -> str:
    """What kind of case it is, in the reader's language."""
    return label(KINDS.get(kind, kind))


def status_label(status: str) -> str:
    """Where a case stands, in the reader's language."""
    return label(STATUSES.get(status, status))


def clock_label(clock: str) -> str:
    """What a clock measures, in the reader's language."""
    return label(CLOCKS.get(clock, clock))


def listed(name: str, key: str | None) -> str:
    """A value of one of the lists of cases, in the reader's language."""
    return settings.choice_label(LISTS[name], key)
