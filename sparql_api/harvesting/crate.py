"""The RO-Crate of a release: its files with sizes and checksums, and how it is cited.

Source: *RO-Crate Metadata Specification* 1.1.
"""

from collections.abc import Iterable
from typing import Any

from loader.dumps.form import FORMS
from loader.dumps.shelf import Dump
from loader.releases.release import Release
from sparql_api.harvesting.citation import TITLE, Citation

_CONTEXT = "https://w3id.org/ro/crate/1.1/context"
_LICENCE = "https://creativecommons.org/licenses/by/4.0/"


def crate(
    release: Release, citation: Citation, publisher: str, dumps: Iterable[Dump]
) -> dict[str, Any]:
    """The metadata document as JSON-LD; file names are relative to the release's address."""
    graphs = masters(release)
    files = [*graphs, *map(_dump, dumps)]
    root = {
        "@id": "./",
        "@type": "Dataset",
        "name": TITLE,
        "description": f"{release.manifest['triples']} statements in {len(graphs)} named graphs, "
        "as canonical N-Quads.",
        "identifier": citation.address,
        "url": citation.address,
        "version": release.id,
        "datePublished": citation.day.isoformat(),
        "license": {"@id": _LICENCE},
        "author": {"@id": publisher},
        "publisher": {"@id": publisher},
        "hasPart": [{"@id": each["@id"]} for each in files],
    }
    descriptor = {
        "@id": "ro-crate-metadata.json",
        "@type": "CreativeWork",
        "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
        "about": {"@id": "./"},
    }
    known = [
        {"@id": _LICENCE, "@type": "CreativeWork", "name": "CC BY 4.0", "url": _LICENCE},
        {"@id": publisher, "@type": "Organization", "name": "Stadtwissen", "url": publisher},
    ]
    return {"@context": _CONTEXT, "@graph": [descriptor, root, *known, *files]}


def masters(release: Release) -> list[dict[str, Any]]:
    """The masters of a release as entities of its crate."""
    return [_file(release, name, facts) for name, facts in release.manifest["graphs"].items()]


def _dump(dump: Dump) -> dict[str, Any]:
    form = FORMS[dump.form]
    return {
        "@id": dump.file,
        "@type": "File",
        "name": form.title.en,
        "encodingFormat": dump.media,
        "contentSize": str(dump.size),
        "sha256": dump.sha256,
        "description": form.use.en,
    }


def _file(release: Release, graph: str, facts: dict[str, Any]) -> dict[str, Any]:
    return {
        "@id": facts["file"],
        "@type": "File",
        "name": graph,
        "encodingFormat": "application/n-quads",
        "contentSize": str((release.path / facts["file"]).stat().st_size),
        "sha256": facts["sha256"],
        "description": f"{facts['triples']} statements",
    }
