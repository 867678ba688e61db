"""morph-kgc: cleaned by Polars and written as UTF-8 CSV, mapped by RML."""

import sys
import tempfile
from pathlib import Path

import morph_kgc

from tests.benchmarks.mappers.cleaning import LISTS, PROPERTIES, XSD, cleaned

_RR, _RML = "http://www.w3.org/ns/r2rml#", "http://semweb.mmlab.be/ns/rml#"
_QL = "http://semweb.mmlab.be/ns/ql#"
_OBJECTS = {
    "address": "rr:termType rr:IRI",
    "text": "rr:termType rr:Literal",
    "german": 'rr:language "de"',
    "date": f"rr:datatype <{XSD}date>",
    "decimal": f"rr:datatype <{XSD}decimal>",
}


def main(table: str, output: str) -> None:
    frame = cleaned(Path(table)).rename({"subject": "measure"})  # its own word for a column
    with tempfile.TemporaryDirectory(dir=Path(output).parent) as folder:
        place = Path(folder)
        frame.drop(column for column, _ in LISTS.values()).write_csv(place / "main.csv")
        maps = [_map(place / "main.csv", PROPERTIES)]
        for predicate, (column, kind) in LISTS.items():
            items = frame.select("measure", column).explode(column).drop_nulls()
            items.write_csv(place / f"{column}.csv")
            maps.append(_map(place / f"{column}.csv", {predicate: (column, kind)}))
        prefixes = f"@prefix rr: <{_RR}>. @prefix rml: <{_RML}>. @prefix ql: <{_QL}>.\n"
        (place / "mapping.ttl").write_text(prefixes + "\n".join(maps), "utf-8")
        settings = (
            f"[CONFIGURATION]\nlogging_level: ERROR\n[Delivery]\nmappings: {place}/mapping.ttl"
        )
        triples = morph_kgc.materialize_set(settings)
        with Path(output).open("w", encoding="utf-8") as file:
            file.writelines(f"{triple} .\n" for triple in triples)


def _map(source: Path, properties: dict[str, tuple[str, str]]) -> str:
    objects = " ".join(
        f"rr:predicateObjectMap [ rr:predicate <{predicate}>; rr:objectMap [ "
        f'rml:reference "{column}"; {_OBJECTS[kind]} ] ];'
        for predicate, (column, kind) in properties.items()
    )
    return (
        f'<http://e/{source.stem}> rml:logicalSource [ rml:source "{source}"; '
        f"rml:referenceFormulation ql:CSV ]; "
        f'rr:subjectMap [ rml:reference "measure"; rr:termType rr:IRI ]; {objects} .'
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
