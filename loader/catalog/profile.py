"""Profiles: the versions of DCAT-AP.de in which a catalogue can be had.

A catalogue is made in 3.0. What 2.0 wants otherwise, and 3.0 calls deprecated or breaks its rules,
is said here line by line, of the same data. Source: *DCAT-AP.de 2.0* and its conventions.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from loader.catalog.dcat import NAMES, node, said
from loader.term import RDF_TYPE

Lines = Iterable[str]


@dataclass(frozen=True, slots=True)
class Profile:
    """A version by its number and its address; `view` turns lines of 3.0 into lines of it."""

    version: str
    address: str
    view: Callable[[Lines], Iterator[str]]

    @property
    def title(self) -> str:
        """What people call it, in every language."""
        return f"DCAT-AP.de {self.version}"


_TYPE = f"<{RDF_TYPE}>"
_SERIES = node("dcat:DatasetSeries")
_LEFT_OUT = {node("dcat:inSeries")}  # 2.0 has no series
_RENAMED = {node("dcat:version"): node("owl:versionInfo")}
_SHA256 = node("spdx:checksumAlgorithm_sha256")
_VALUES = {_SHA256: node("hash:sha/256")}
_SIZE = node("dcat:byteSize")
_INTEGER, _DECIMAL = (f"^^<{NAMES['xsd']}{name}>" for name in ("nonNegativeInteger", "decimal"))
# K08 asks for the area that a dataset covers, and the shapes for entries of these lists: the
# federal territory is its sixteen states.
_STATES = tuple(("dcatde:politicalGeocodingURI", node(f"state:{n:02}")) for n in range(1, 17))
_ADDED = {
    node("dcat:Dataset"): _STATES,
    node("dcat:Distribution"): (("adms:status", node("status:Completed")),),  # K22
}


def _second(lines: Lines) -> Iterator[str]:
    series: set[str] = set()
    for line in lines:
        subject, name, value = line.removesuffix(" .").split(" ", 2)
        if name == _TYPE and value == _SERIES:
            series.add(subject)
        if subject in series or name in _LEFT_OUT:
            continue
        if name == _SIZE:
            value = value.replace(_INTEGER, _DECIMAL)
        names = (subject, _RENAMED.get(name, name), value)
        yield " ".join([*(_VALUES.get(each, each) for each in names), "."])
        for added in _ADDED.get(value, ()) if name == _TYPE else ():
            yield said(subject, *added)


SECOND = Profile("2.0", "http://dcat-ap.de/def/dcatde/2.0/", _second)
THIRD = Profile("3.0", "http://dcat-ap.de/def/dcatde/3.0/", iter)
PROFILES = (THIRD, SECOND)  # the first is what those get who ask for none
