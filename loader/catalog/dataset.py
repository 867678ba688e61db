"""Datasets: what a catalogue says of a graph of a release, literals as the master writes them."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from loader.catalog.period import Period
from loader.language import Text
from loader.term import text_of

_DAY = re.compile(r"(\d{4}-\d\d-\d\d)(Z|[+-]\d\d:\d\d)?")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?")


@dataclass(frozen=True, slots=True)
class Agent:
    """Who publishes: the address, and the names as they stand in the data (none for ourselves)."""

    address: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class File:
    """A file of the release: its path in the release's folder, bytes and SHA-256 in hex."""

    path: str
    size: int
    checksum: str


@dataclass(frozen=True, slots=True)
class Dataset:
    """A graph of a release, or all of them together (`graph` and `file` are empty).

    `licence` is an address of the list of DCAT-AP.de, `rights` are the texts that it asks to name,
    `period` is the time that the data are about, `issued` when they were first published.
    """

    name: str
    graph: str
    file: File | None
    titles: tuple[str, ...]
    descriptions: tuple[str, ...]
    issued: str
    modified: str
    licence: str
    publisher: Agent
    rights: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    period: Period | None = None

    @property
    def moment(self) -> datetime:
        """When it was changed; a day counts from its first second (UTC)."""
        return moment(text_of(self.modified))


@dataclass(frozen=True, slots=True)
class Omission:
    """A graph that is left out, and why."""

    graph: str
    reason: Text


def moment(text: str) -> datetime:
    """A day or a moment as XSD writes them; UTC where no zone is given. Raises ValueError."""
    day = _DAY.fullmatch(text)
    whole = f"{day[1]}T00:00:00{day[2] or ''}" if day else text
    midnight = whole[11:16] == "24:00"  # XSD's other name for the next day's beginning
    try:
        if not _MOMENT.fullmatch(whole):
            raise ValueError
        read = datetime.fromisoformat(whole[:11] + "00" + whole[13:] if midnight else whole)
        read = read if read.tzinfo else read.replace(tzinfo=UTC)
        return read + timedelta(days=midnight)
    except (ValueError, OverflowError):
        raise ValueError(f"no day and no moment: {text[:40]}") from None
