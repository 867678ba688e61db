"""pycsvw: it wants table and metadata both as files, and knows the minimal mode alone."""

import tempfile
from pathlib import Path
from urllib.request import urlopen

from pycsvw import CSVW

from tests.benchmarks.readers import tasks


def convert(table: str, metadata: str | None, minimal: bool) -> str:  # noqa: FBT001
    if table.endswith(".json"):
        table, metadata = table.replace("-metadata.json", ""), table
    with tempfile.TemporaryDirectory() as folder:
        places = [Path(folder) / name for name in ("table.csv", "metadata.json")]
        for place, url in zip(places, (table, metadata or f"{table}-metadata.json"), strict=True):
            with urlopen(url) as answer:
                place.write_bytes(answer.read())
        made = CSVW(csv_path=str(places[0]), metadata_path=str(places[1]))
        text = made.to_rdf(fmt="nt")
    return text.decode() if isinstance(text, bytes) else str(text)


if __name__ == "__main__":
    tasks.run(convert)
