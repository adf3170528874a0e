"""How large attached files may be, and of which kinds: the firm's settings."""

from dataclasses import dataclass

from crmlite import settings
from crmlite.files.content import ARCHIVE, IMAGE, MEDIA, OFFICE, OTHER, PDF, TEXT
from crmlite.settings.catalogue import Setting
from crmlite.wording import N_

MEGABYTE = 1 << 20
AT_ONCE = 50  # files
GROUP = N_("Files")
FAMILIES = {
    IMAGE: N_("Images and drawings"),
    PDF: N_("PDF"),
    OFFICE: N_("Office files"),
    TEXT: N_("Text files"),
    ARCHIVE: N_("Archives, such as zip"),
    MEDIA: N_("Sound and film"),
    OTHER: N_("Anything else but programs"),
}
SHIPPED = (IMAGE, PDF, OFFICE, TEXT)
# What the browser's own dialog offers; on a phone, images bring the camera along.
ACCEPTED = {
    IMAGE: "image/*",
    PDF: ".pdf",
    OFFICE: (
        ".doc,.docx,.docm,.xls,.xlsx,.xlsm,.ppt,.pptx,.vsdx,.odt,.ods,.odp,.rtf,.wps,.et,.dps,.msg"
    ),
    TEXT: ".txt,.csv,.md,.log,.vcf,.eml,.json,.xml",
    ARCHIVE: ".zip,.7z,.rar,.gz,.tar",
    MEDIA: "audio/*,video/*",
}


@dataclass(frozen=True, slots=True)
class Limits:
    """What is taken: families of files, bytes of one file and of all files of a record."""

    families: frozenset[str]
    one: int
    all: int

    @property
    def accept(self) -> str:
        """The same for the browser; empty where anything is."""
        if OTHER in self.families:
            return ""
        return ",".join(ACCEPTED[name] for name in FAMILIES if name in self.families)


def limits() -> Limits:
    """What the firm takes now."""
    return Limits(
        families=frozenset(settings.get("attachment_kinds")),
        one=settings.get("attachment_mb") * MEGABYTE,
        all=settings.get("attachments_mb") * MEGABYTE,
    )


def declared() -> list[Setting]:
    """The settings."""
    return [
        Setting(
            name="attachment_kinds",
            label=N_("Files that may be attached"),
            default=list(SHIPPED),
            kind="choices",
            options=FAMILIES,
            hint=N_("Judged by what stands in a file, not by its name. Programs never are."),
            group=GROUP,
        ),
        Setting(
            name="attachment_mb",
            label=N_("Largest file, in MB"),
            default=20,
            kind="integer",
            least=1,
            most=1000,
            hint=N_("Whoever runs the server sets how much can be sent at once."),
            group=GROUP,
        ),
        Setting(
            name="attachments_mb",
            label=N_("All files of one record, in MB"),
            default=500,
            kind="integer",
            least=1,
            most=100_000,
            group=GROUP,
        ),
    ]
