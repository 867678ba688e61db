"""Citations of a release: BibTeX, RIS, CSL-JSON and CITATION.cff from the same few facts.

Sources: the entry type `misc` with `version` as in biblatex; RIS type DATA; CSL 1.0.2 type
`dataset`; *Citation File Format* 1.2.0.
"""

import json
from dataclasses import dataclass
from datetime import date

from loader.releases.release import Release
from sparql_api.negotiation import Format

FORMATS = (
    Format("bib", "BibTeX", ("application/x-bibtex",), ("bibtex",)),
    Format("ris", "RIS", ("application/x-research-info-systems",)),
    Format("csl", "CSL-JSON", ("application/vnd.citationstyles.csl+json", "application/json")),
    Format("cff", "CITATION.cff", ("application/yaml", "text/yaml"), ("yaml",)),
)
TITLE = "Stadtwissen: the open knowledge graph of municipal Smart City work in Germany"
LICENCE = "CC-BY-4.0"
_AUTHOR = "Stadtwissen"


@dataclass(frozen=True, slots=True)
class Citation:
    """What is cited: a release by its id, its day and its lasting address."""

    release: str
    day: date
    address: str

    def text(self, name: str) -> str:
        """The citation in a format of FORMATS."""
        return {"bib": self._bib, "ris": self._ris, "csl": self._csl, "cff": self._cff}[name]()

    def _bib(self) -> str:
        return (
            f"@misc{{stadtwissen-{self.release},\n"
            f"  author = {{{{{_AUTHOR}}}}},\n"
            f"  title = {{{{{TITLE}}}}},\n"
            f"  year = {{{self.day.year}}},\n"
            f"  month = {{{self.day.month}}},\n"
            f"  version = {{{self.release}}},\n"
            f"  url = {{{self.address}}},\n"
            f"  note = {{Data set, {LICENCE}}}\n"
            "}\n"
        )

    def _ris(self) -> str:
        lines = [
            ("TY", "DATA"),
            ("AU", _AUTHOR),
            ("TI", TITLE),
            ("PY", str(self.day.year)),
            ("DA", f"{self.day:%Y/%m/%d}"),
            ("ET", self.release),
            ("UR", self.address),
            ("C1", LICENCE),
            ("ER", ""),
        ]
        return "".join(f"{name}  - {text}\r\n" for name, text in lines)

    def _csl(self) -> str:
        entry = {
            "id": f"stadtwissen-{self.release}",
            "type": "dataset",
            "title": TITLE,
            "author": [{"literal": _AUTHOR}],
            "publisher": _AUTHOR,
            "issued": {"date-parts": [[self.day.year, self.day.month, self.day.day]]},
            "version": self.release,
            "URL": self.address,
            "license": LICENCE,
        }
        return json.dumps([entry], ensure_ascii=False, indent=1) + "\n"

    def _cff(self) -> str:
        """YAML of plain and of quoted scalars, which JSON's are."""
        return (
            "cff-version: 1.2.0\n"
            'message: "Please cite the release that you used."\n'
            "type: dataset\n"
            f"title: {json.dumps(TITLE)}\n"
            "authors:\n"
            f"  - name: {json.dumps(_AUTHOR)}\n"
            f"version: {json.dumps(self.release)}\n"
            f"date-released: {self.day:%Y-%m-%d}\n"
            f"license: {LICENCE}\n"
            f"url: {json.dumps(self.address)}\n"
        )


def of(release: Release, base: str) -> Citation:
    """The citation of a release, under the lasting address of its folder."""
    day = date.fromisoformat(str(release.manifest["created"])[:10])
    return Citation(release.id, day, f"{base}dumps/{release.id}/")
