"""The settings: environment variables `STADTWISSEN_*`, read once, frozen."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Self, get_type_hints

from loader import bundle
from loader.errors import UsageError
from loader.language import Language, Text, from_locale

_UNITS = {"KiB": 2**10, "MiB": 2**20, "GiB": 2**30}


def default_home() -> Path:
    """`data/build` of a checkout; for an installed wheel the user's data folder."""
    root = bundle.checkout()
    if root:
        return root / "data" / "build"
    data_home = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(data_home) / "stadtwissen"


@dataclass(frozen=True, slots=True)
class Settings:
    """What an operator can set; the handbook has a sentence for each.

    Times are seconds, sizes are bytes (the environment may say `2 GiB`).
    """

    home: Path
    database: Path = Path("stadtwissen.sqlite")
    base_iri: str = "https://w3id.org/stadtwissen/"
    public_url: str = ""
    contact: str = ""
    publisher: str = "Stadtwissen"
    publisher_type: str = ""
    contributor: str = ""
    query_timeout: float = 30.0
    query_first_row: float = 15.0
    query_memory: int = 2 * 2**30
    query_workers: int = 2
    query_queue: int = 64
    query_length: int = 256 * 2**10
    update_timeout: float = 120.0
    update_memory: int = 4 * 2**30
    upload_limit: int = 50 * 2**20
    check_timeout: float = 60.0
    check_memory: int = 3 * 2**30
    report_days: int = 30
    query_log_hours: float = 0.0
    rate: float = 60.0
    client_queries: int = 32
    client_header: str = ""
    answer_cache: int = 64 * 2**20
    allowed_services: str = ""
    service_timeout: float = 10.0
    service_size: int = 8 * 2**20
    dumps: str = "all"
    store: str = ""
    store_update: str = ""
    store_graphs: str = ""
    store_user: str = ""
    store_password: str = field(default="", repr=False)
    store_literals: str = "exact"
    lang: Language = "de"

    @property
    def database_file(self) -> Path:
        """The small SQLite database; a relative path begins at `home`."""
        return self.home / self.database

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> Self:
        """Reads `STADTWISSEN_HOME` and its siblings.

        Raises UsageError for a value that cannot be read and for a name that does not exist,
        so that a misspelt setting is noticed.
        """
        prefix = "STADTWISSEN_"
        given = {k.removeprefix(prefix): v for k, v in environ.items() if k.startswith(prefix)}
        hints = get_type_hints(cls)
        values: dict[str, object] = {
            "home": default_home(),
            "lang": from_locale(),
            "query_workers": os.cpu_count() or 2,
        }
        for each in fields(cls):
            text = given.pop(each.name.upper(), "")
            if text:
                values[each.name] = _parse(each.name, text, hints[each.name])
        if given:
            name = prefix + sorted(given)[0]
            raise UsageError(
                Text(f"Die Einstellung {name} gibt es nicht.", f"There is no setting {name}.")
            )
        return cls(**values)  # type: ignore[arg-type]  # the loop above typed each by its field


def _parse(name: str, text: str, kind: object) -> object:
    try:
        if kind is int:
            return _size(text)
        if kind is float:
            return float(text)
        if kind is Path:
            return Path(text)
        return from_locale(text) if name == "lang" else text
    except ValueError:
        variable = f"STADTWISSEN_{name.upper()}"
        raise UsageError(
            Text(
                f"{variable}: „{text}“ ist keine Zahl. Beispiel: 30 oder 2 GiB.",
                f"{variable}: “{text}” is not a number. Example: 30 or 2 GiB.",
            )
        ) from None


def _size(text: str) -> int:
    number, _, unit = text.strip().partition(" ")
    return int(float(number) * _UNITS[unit]) if unit in _UNITS else int(text)
