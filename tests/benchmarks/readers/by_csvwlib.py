"""csvwlib: its own converter to RDF."""

from csvwlib import CSVWConverter

from tests.benchmarks.readers import tasks


def convert(table: str, metadata: str | None, minimal: bool) -> str:  # noqa: FBT001
    mode = "minimal" if minimal else "standard"
    if table.endswith(".json"):
        graph = CSVWConverter.to_rdf(None, table, mode=mode)
    else:
        graph = CSVWConverter.to_rdf(table, metadata, mode=mode)
    text = graph.serialize(format="nt")
    return text.decode() if isinstance(text, bytes) else str(text)


if __name__ == "__main__":
    tasks.run(convert)
