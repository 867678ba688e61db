"""The past: what an address that answers no more was in an older release."""

from collections.abc import Iterable

from loader.language import Text
from loader.releases.release import Home, Release
from sparql_api.errors import ApiError, Withdrawn
from sparql_api.linked_data.description import statements
from sparql_api.problems import unknown

_LOOKED_AT = 10  # older releases; an address that nobody ever had costs as many looks


def missing(home: Home, release: Release, addresses: Iterable[str], path: str) -> ApiError:
    """Why there is nothing at these addresses: withdrawn since an older release, or unknown."""
    older = [each for each in home.releases() if each.id < release.id]
    wanted = list(addresses)
    for each in reversed(older[-_LOOKED_AT:]):
        if any(_knew(each, address) for address in wanted):
            return Withdrawn(
                Text(
                    f"Was unter {path} stand, gibt es in den heutigen Daten nicht mehr. Zuletzt "
                    f"beschrieb es die Veröffentlichung {each.id}: hängen Sie ?release={each.id} "
                    "an die Adresse.",
                    f"What was at {path} is no longer part of the data. The last release to "
                    f"describe it is {each.id}: add ?release={each.id} to the address.",
                ),
                release=each.id,
            )
    return unknown(path)


def _knew(release: Release, address: str) -> bool:
    try:
        return bool(statements(release, address))
    except OSError:  # it was pruned a moment ago
        return False
