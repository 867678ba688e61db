"""Keys: who may change what. The database keeps a hash of each key, never the key."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from hmac import compare_digest
from pathlib import Path
from secrets import token_hex, token_urlsafe
from typing import Literal, get_args

from loader.changes import database
from loader.errors import UnknownKey, UsageError
from loader.language import Text

Role = Literal["partner", "reviewer", "operator"]
ROLES: tuple[Role, ...] = get_args(Role)

_SCHEMA = """
CREATE TABLE IF NOT EXISTS key (
  id TEXT PRIMARY KEY,
  partner TEXT NOT NULL,
  role TEXT NOT NULL CHECK (role IN ('partner', 'reviewer', 'operator')),
  hash TEXT NOT NULL,
  created TEXT NOT NULL,
  revoked TEXT
) STRICT;
"""
_RESERVED = frozenset(["provenance", "statistics"])  # graphs that we write ourselves
_COLUMNS = "id, partner, role, created, revoked"
_PARTNER = re.compile(r"^[a-z0-9](-?[a-z0-9]){0,63}$")
_KEY = re.compile(r"^sw_([0-9a-f]{8})_[\w-]{43}$", re.ASCII)


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose a key is and what it allows; `id` is the key's public part, times are UTC."""

    id: str
    partner: str
    role: Role
    created: str
    revoked: str | None = None

    def may_write(self, graph: str, base: str) -> bool:
        """Whether the holder may change a graph; `base` begins the addresses of our graphs.

        Operators may change every graph, partners `…graph/PARTNER` and what lies below it.
        """
        own = f"{base}graph/{self.partner}"
        if self.role == "partner":
            return graph == own or graph.startswith(own + "/")
        return self.role == "operator"


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys in a database file."""

    path: Path

    def add(self, partner: str, role: Role) -> str:
        """A new key, which nobody can read again later. Raises UsageError for an odd name."""
        if not _PARTNER.fullmatch(partner) or partner in _RESERVED:
            raise UsageError(
                Text(
                    f"„{partner}“ geht nicht als Name: nehmen Sie Kleinbuchstaben, Ziffern und "
                    "einzelne Bindestriche, zum Beispiel stadt-koeln.",
                    f"“{partner}” will not do as a name: take small letters, digits and single "
                    "hyphens, for example stadt-koeln.",
                )
            )
        name, secret = token_hex(4), token_urlsafe(32)
        key = f"sw_{name}_{secret}"
        with database.opened(self.path, _SCHEMA) as connection:
            connection.execute(
                "INSERT INTO key (id, partner, role, hash, created) VALUES (?, ?, ?, ?, ?)",
                (name, partner, role, _hash(key), _now()),
            )
        return key

    def all(self) -> list[Holder]:
        """Every key that was ever given out, the oldest first."""
        with database.opened(self.path, _SCHEMA) as connection:
            query = f"SELECT {_COLUMNS} FROM key ORDER BY created, rowid"  # noqa: S608 - constant
            return [Holder(*row) for row in connection.execute(query)]

    def revoke(self, name: str) -> None:
        """Makes a key worthless from now on. Raises UnknownKey; twice is no error."""
        with database.opened(self.path, _SCHEMA) as connection:
            changed = connection.execute(
                "UPDATE key SET revoked = coalesce(revoked, ?) WHERE id = ?", (_now(), name)
            )
            if not changed.rowcount:
                raise UnknownKey(
                    Text(
                        f"Einen Schlüssel {name} gibt es nicht. Alle zeigt: stadtwissen keys list",
                        f"There is no key {name}. All of them: stadtwissen keys list",
                    )
                )

    def holder(self, key: str) -> Holder | None:
        """The holder of a key that is known and not revoked; None for any other text."""
        match = _KEY.match(key)
        if not match:
            return None
        with database.opened(self.path, _SCHEMA) as connection:
            query = f"SELECT hash, {_COLUMNS} FROM key WHERE id = ?"  # noqa: S608 - constant
            row = connection.execute(query, (match[1],)).fetchone()
        if row is None or not compare_digest(row[0], _hash(key)):
            return None
        holder = Holder(*row[1:])
        return None if holder.revoked else holder


def _hash(key: str) -> str:
    """A plain hash will do: a key has 256 random bits, which nobody guesses."""
    return sha256(key.encode()).hexdigest()


def _now() -> str:
    return f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
