"""The gate: looks at a query before any engine does.

Oxigraph's recursive parser and optimiser crash the process at about 2,200 nested braces or 6,900
chained operators; the limits here are far below. What is not refused is not thereby valid: syntax
is the engine's to judge.
"""

import re

from loader.language import Text
from sparql_api.errors import (
    QueryAmbiguous,
    QueryError,
    QueryTooComplex,
    QueryTooLong,
    ServiceRefused,
    UpdateRefused,
)
from sparql_api.request.reading import NESTING, OPERATORS, Reading, read, read_short

_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U(000[0-9A-Fa-f]{5}|0010[0-9A-Fa-f]{4})")


def inspect(query: str, length: int, *, services: bool = False) -> Reading:
    """Reads a query as it came, decoded once. Raises QueryError with the limit it breaks.

    `services` lets SERVICE pass, for `request.federation` to answer.
    """
    if reading := read_short(query, length):
        return reading
    size = len(query.encode())
    if size > length:
        raise _too_long(size, length)
    reading = read(query)
    _refuse(reading, reading.services if services else 0)
    if "\\" in query:  # an engine may decode escapes first, where keywords could hide
        _refuse(read(_ESCAPE.sub(_character, query)), reading.services)
    return reading


def inspect_update(update: str, length: int) -> None:
    """The same for an update, which may neither LOAD nor ask other servers.

    LOAD SILENT passes: it fails in silence, see `amendment.without_loads`.
    """
    size = len(update.encode())
    if size > length:
        raise _too_long(size, length)
    for text in {update, _ESCAPE.sub(_character, update)}:
        reading = read(text)
        if reading.loads:
            raise UpdateRefused(
                Text(
                    "LOAD ist nicht erlaubt: Dieser Server holt nichts von anderen. Senden Sie "
                    "die Daten selbst, zum Beispiel mit PUT an /graphs.",
                    "LOAD is not allowed: this server fetches nothing from others. Send the data "
                    "yourself, for example by PUT to /graphs.",
                )
            )
        reading.update = False  # that is what it is for; the limits remain
        _refuse(reading, 0)


def _character(match: re.Match[str]) -> str:
    return chr(int(match[1] or match[2], 16))


def _refuse(reading: Reading, services: int) -> None:
    if reading.update:
        raise UpdateRefused(
            Text(
                "Diese Adresse beantwortet nur Abfragen (SELECT, ASK, CONSTRUCT, DESCRIBE); "
                "sie ändert keine Daten.",
                "This address only answers queries (SELECT, ASK, CONSTRUCT, DESCRIBE); "
                "it changes no data.",
            )
        )
    if reading.services != services:
        raise ServiceRefused(
            Text(
                "SERVICE ist nicht erlaubt: Dieser Server fragt keine anderen Server. "
                "Nehmen Sie den SERVICE-Teil aus der Abfrage.",
                "SERVICE is not allowed: this server asks no other servers. "
                "Take the SERVICE part out of the query.",
            )
        )
    if reading.ambiguous:
        raise QueryAmbiguous(
            Text(
                f"„{reading.ambiguous}“ kann eine Adresse oder ein Vergleich sein. Setzen Sie "
                "hinter „kleiner als“ ein Leerzeichen, oder kürzen Sie die Adresse mit PREFIX.",
                f"“{reading.ambiguous}” may be an address or a comparison. Put a space after "
                "“less than”, or shorten the address with PREFIX.",
            )
        )
    if reading.nesting > NESTING:
        raise _too_complex(NESTING, "Klammerebenen", "levels of brackets")
    if reading.operators > OPERATORS:
        raise _too_complex(OPERATORS, "Operatoren", "operators")


def _too_complex(limit: int, what_de: str, what_en: str) -> QueryError:
    return QueryTooComplex(
        Text(
            f"Die Abfrage hat mehr als {limit} {what_de}; das ist die Grenze. "
            "Teilen Sie sie, oder nehmen Sie VALUES für lange Listen.",
            f"The query has more than {limit} {what_en}, which is the limit. "
            "Split it, or use VALUES for long lists.",
        ),
        limit=limit,
    )


def _too_long(size: int, limit: int) -> QueryError:
    return QueryTooLong(
        Text(
            f"Die Abfrage ist {size} Bytes lang; erlaubt sind {limit}. Teilen Sie sie.",
            f"The query is {size} bytes long; {limit} are allowed. Split it.",
        ),
        found=size,
        limit=limit,
    )
