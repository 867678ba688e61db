"""Measures as a partner's table, every twentieth with one fault whose place is known.

Fourteen statements a measure and 18 property shapes, as engines.md's measurements had them.
"""

import json
from collections.abc import Callable
from pathlib import Path

B = "https://w3id.org/stadtwissen/"
E = "http://example.org/bench/"
HEADER = [
    *("id", "titel", "title", "stand", "felder", "ags", "projekt", "beginn", "ende", "kosten"),
    *("seite", "kontakt", "text"),
]
SHAPES = Path(__file__).parent / "measures.ttl"


def _row(i: int) -> dict[str, str]:
    month, day = 1 + i % 12, 1 + i % 28
    return {
        "id": f"M-{i:07}",
        "titel": f"Maßnahme {i} für Straße und Plätze",
        "title": f"Measure {i} for streets and squares" if i % 2 else "",
        "stand": f"{E}status/{i % 5}",
        "felder": f"{E}field/{i % 9}|{E}field/{(i + 4) % 9}" if i % 5 else f"{E}field/{i % 9}",
        "ags": f"{i % 16 + 1:02}{i * 7919 % 1_000_000:06}",
        "projekt": f"{E}project/{i % 1000}",
        "beginn": f"{2010 + i % 10}-{month:02}-{day:02}",
        "ende": f"{2021 + i % 5}-{month:02}-{day:02}",
        "kosten": f"{i * 104729 % 1_000_003}.50",
        "seite": f"https://example.org/m/{i}",
        "kontakt": f"amt{i % 977}@example.org",
        "text": f"Die Kommune {i % 977} prüft Anwendung {i} im Alltag." if i % 2 else "",
    }


# The column that each fault stands in, and what is written there instead.
FAULTS: list[tuple[str, Callable[[str], str]]] = [
    ("titel", lambda _: ""),
    ("titel", lambda text: text * 9),
    ("stand", lambda _: f"{E}status/unknown"),
    ("felder", lambda _: f"{E}field/unknown"),
    ("ags", lambda text: text[1:]),
    ("projekt", lambda _: f"{E}project/unknown"),
    ("beginn", lambda _: "2030-01-01"),
    ("kosten", lambda text: "-" + text),
    ("seite", lambda text: text.removeprefix("https://")),
    ("kontakt", lambda text: text.replace("@", " at ")),
]


def write(folder: Path, count: int) -> set[tuple[int, str]]:
    """Writes a source with so many measures; returns row and column of each fault."""
    folder.mkdir()
    (folder / "metadata.json").write_text(json.dumps(_METADATA), "utf-8")
    faults = set()
    with (folder / "massnahmen.csv").open("w", encoding="utf-8") as file:
        file.write(";".join(HEADER) + "\n")
        for i in range(count):
            row = _row(i)
            if i % 20 == 7:
                column, spoil = FAULTS[i // 20 % len(FAULTS)]
                row[column] = spoil(row[column])
                faults.add((i + 2, "ende" if column == "beginn" else column))
            file.write(";".join(row[name] for name in HEADER) + "\n")
    return faults


def context() -> list[str]:
    """What the measures refer to: projects, states and fields, as N-Triples."""
    a = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
    kinds = {"project": 1000, "status": 5, "field": 9}
    return [
        f"<{E}{kind}/{i}> {a} <{E}{kind.title()}> ."
        for kind, number in kinds.items()
        for i in range(number)
    ]


def _column(name: str, datatype: object = "string", **more: object) -> dict[str, object]:
    about = {"aboutUrl": E + "measure/{id}", "propertyUrl": E + name}
    return {"name": name, "titles": [name], "datatype": datatype, **about, **more}


_METADATA = {
    "@context": "http://www.w3.org/ns/csvw",
    "@id": B + "graph/bench",
    "dialect": {"delimiter": ";"},
    "tables": [
        {
            "url": "massnahmen.csv",
            "tableSchema": {
                "columns": [
                    _column("id"),
                    _column("titel", lang="de"),
                    _column("title", lang="en", propertyUrl=E + "titel"),
                    _column("stand", valueUrl="{+stand}"),
                    _column("felder", separator="|", valueUrl="{+felder}"),
                    _column("ags"),
                    _column("projekt", valueUrl="{+projekt}"),
                    _column("beginn", "date"),
                    _column("ende", "date"),
                    _column("kosten", "decimal"),
                    _column("seite"),
                    _column("kontakt"),
                    _column("text", lang="de"),
                    {
                        "name": "kind",
                        "virtual": True,
                        "aboutUrl": E + "measure/{id}",
                        "propertyUrl": "rdf:type",
                        "valueUrl": E + "Measure",
                    },
                ]
            },
        }
    ],
}
