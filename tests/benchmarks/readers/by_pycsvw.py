"""pycsvw: it wants table and metadata both, and knows the minimal mode alone."""

from pycsvw import CSVW

from tests.benchmarks.readers import tasks


def convert(table: str, metadata: str | None, minimal: bool) -> str:  # noqa: FBT001
    if table.endswith(".json"):
        made = CSVW(csv_url=table.replace("-metadata.json", ""), metadata_url=table)
    else:
        made = CSVW(csv_url=table, metadata_url=metadata or f"{table}-metadata.json")
    text = made.to_rdf(fmt="nt")
    return text.decode() if isinstance(text, bytes) else str(text)


if __name__ == "__main__":
    tasks.run(convert)
