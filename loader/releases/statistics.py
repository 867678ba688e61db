"""Statistics: counts of a release that queries ask for again and again, made once.

They count what the engine counts: literals in the form that its store gives them, and a statement
once for each graph that makes it. Source: *Describing Linked Datasets with the VoID Vocabulary*.
"""

import json
from pathlib import Path
from typing import Any

from loader.prefix import PREFIXES

FILE = "statistics.json"
RDF_TYPE = PREFIXES["rdf"] + "type"

Statistics = dict[str, Any]


def read(folder: Path) -> Statistics | None:
    """The statistics of a release; None for one that was built before there were any."""
    try:
        statistics: Statistics = json.loads((folder / FILE).read_text("utf-8"))
    except FileNotFoundError:
        return None
    return statistics
