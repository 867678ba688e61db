"""Profiles: which version of DCAT-AP.de a client asks for, and how the others are told.

Source: *Content Negotiation by Profile*: `Accept-Profile`, and `profile=` for those who cannot set
headers.
"""

import re
from collections.abc import Iterator

from fastapi import Request

from loader.catalog.profile import PROFILES, Profile
from loader.language import Text
from sparql_api import locality
from sparql_api.errors import NotAcceptable

VARY = "Accept, Accept-Profile"
_WANTED = re.compile(r"<([^>]*)>\s*(?:;\s*q\s*=\s*([01](?:\.\d{0,3})?))?")


def asked(request: Request) -> Profile:
    """The profile of `profile=` (a number or an address), else the best of `Accept-Profile`.

    A header that names none of ours changes nothing. Raises NotAcceptable for `profile=`.
    """
    named = request.query_params.get("profile", "").strip()
    if named:
        chosen = next((each for each in PROFILES if _is(each, named)), None)
        if chosen is None:
            raise _unknown(named)
        return chosen
    wanted = [
        (float(quality or 1), -place, each)
        for name, quality in _WANTED.findall(request.headers.get("accept-profile", ""))
        for place, each in enumerate(PROFILES)
        if _is(each, name) and float(quality or 1)
    ]
    return max(wanted, key=lambda each: each[:2])[2] if wanted else PROFILES[0]


def links(request: Request, chosen: Profile) -> Iterator[str]:
    """Values for the header `Link`: what the answer is, and the address of each other profile."""
    yield f'<{chosen.address}>; rel="profile"'
    kept = request.url.remove_query_params("profile")
    for each in PROFILES:
        if each is not chosen:
            where = kept.include_query_params(profile=each.version)
            address = f"{locality.origin(request)}{where.path}?{where.query}"
            yield f'<{address}>; rel="alternate"; profile="{each.address}"'


def _is(profile: Profile, name: str) -> bool:
    return name in (profile.version, profile.address, profile.address.rstrip("/"))


def _unknown(named: str) -> NotAcceptable:
    known = ", ".join(f"profile={each.version} ({each.title})" for each in PROFILES)
    return NotAcceptable(
        Text(
            f"Ein Profil „{named[:80]}“ gibt es hier nicht. Möglich sind: {known}.",
            f"There is no profile “{named[:80]}” here. Possible are: {known}.",
        ),
        profiles=[each.address for each in PROFILES],
    )
