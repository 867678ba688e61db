"""Mutated deliveries: each is answered, none leaves a trace, memory stays.

A sample here; all five thousand with UPLOADS=5000, which takes minutes.
"""

import asyncio
import io
import os
import random
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import httpx
import pytest
from openpyxl import Workbook

from tests.sparql_api.conftest import Server

BROKEN = Path(__file__).parents[2] / "sources" / "broken"
METADATA = (BROKEN / "massnahmen-metadata.json").read_bytes()
GOOD = (BROKEN / "good.csv").read_bytes()
TURTLE = (BROKEN / "D-RDF.ttl").read_bytes()
NUMBER = int(os.environ.get("UPLOADS", "240"))
AT_ONCE = 4
# What a server may say to a file; never that it was at fault.
ANSWERS = {200, 400, 406, 413, 422}

Made = tuple[str, bytes]
Mutation = Callable[[random.Random], Made]


def workbook() -> bytes:
    book, content = Workbook(), io.BytesIO()
    for line in GOOD.decode().splitlines():
        book.worksheets[0].append(line.split(";"))
    book.save(content)
    return content.getvalue()


XLSX = workbook()
SEEDS = [("a.csv", GOOD), ("a.xlsx", XLSX), ("a.ttl", TURTLE), ("a.json", b'[{"titel": "Netz"}]')]


def flipped(dice: random.Random) -> Made:
    name, content = dice.choice(SEEDS)
    bits = bytearray(content)
    for _ in range(dice.randint(1, 20)):
        bits[dice.randrange(len(bits))] ^= 1 << dice.randrange(8)
    return name, bytes(bits)


def truncated(dice: random.Random) -> Made:
    name, content = dice.choice(SEEDS)
    return name, content[: dice.randrange(1, len(content))]


def bomb(dice: random.Random) -> Made:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", bytes(dice.randint(11, 14) * 2**20))
    return "bomb.xlsx", content.getvalue()


def laughs(dice: random.Random) -> Made:
    letters = "abcdefghij"[: dice.randint(3, 10)]
    entities = f'<!ENTITY {letters[0]} "ha">' + "".join(
        f'<!ENTITY {after} "{f"&{before};" * 10}">' for before, after in pairwise(letters)
    )
    text = (
        f'<?xml version="1.0"?><!DOCTYPE r [{entities}]>'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://x/">'
        f'<rdf:Description rdf:about="http://x/a"><e:p>&{letters[-1]};</e:p></rdf:Description>'
        "</rdf:RDF>"
    )
    return "laughs.rdf", text.encode()


def in_a_cell(dice: random.Random, text: str) -> Made:
    lines = GOOD.decode().splitlines()
    row = lines[dice.randint(1, 3)].split(";")
    row[dice.randrange(len(row))] = text
    return "cell.csv", "\n".join([lines[0], ";".join(row)]).encode("utf-8", "surrogatepass")


def long_cell(dice: random.Random) -> Made:
    return in_a_cell(dice, dice.choice("aä<\u202e") * 10_000)


def formula(dice: random.Random) -> Made:
    texts = [
        "=HYPERLINK(1)",
        "+cmd|' /C calc'!A0",
        "@SUM(1)",
        "<script>alert(1)</script>",
        "=" * 40,
    ]
    return in_a_cell(dice, dice.choice(texts))


def nulled(dice: random.Random) -> Made:
    place = dice.randrange(len(GOOD))
    return "nul.csv", GOOD[:place] + bytes(dice.randint(1, 9)) + GOOD[place:]


def mixed_encodings(dice: random.Random) -> Made:
    text = GOOD.decode()
    half = dice.randrange(len(text))
    first, second = dice.choice(["utf-8", "utf-16"]), dice.choice(["cp1252", "utf-16-le", "cp437"])
    return "mixed.csv", text[:half].encode(first) + text[half:].encode(second, "replace")


def nested(dice: random.Random) -> Made:
    depth = dice.choice([10, 300, 100_000])
    return dice.choice(["a.jsonld", "a.json"]), b'{"@id":' * depth + b"[" * depth


MUTATIONS: list[Mutation] = [
    *(flipped, truncated, laughs, long_cell, formula, nulled, mixed_encodings, nested),
    *(flipped, truncated, long_cell, formula, nulled, mixed_encodings, flipped, truncated),
]


def deliveries() -> Iterator[Made]:
    dice = random.Random(7)
    for number in range(NUMBER):
        mutation = bomb if number % 60 == 0 else MUTATIONS[number % len(MUTATIONS)]
        yield mutation(dice)


async def sent(url: str, made: list[Made]) -> Counter[int]:
    """Sends all of them, a few at once; how often each status came."""
    said: Counter[int] = Counter()
    waiting = iter(made)

    async def worker(client: httpx.AsyncClient) -> None:
        for name, content in waiting:
            files = {"file": (name, content), "metadata": ("m.json", METADATA)}
            answer = await client.post("/api/v1/check", files=files)
            said[answer.status_code] += 1

    async with httpx.AsyncClient(base_url=url, timeout=300) as client:
        await asyncio.gather(*(worker(client) for _ in range(AT_ONCE)))
    return said


def memory(server: Server) -> int:
    """Resident bytes of the server and the processes that it keeps."""
    total, waiting = 0, [server.process.pid]
    while waiting:
        pid = waiting.pop()
        try:
            pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
            children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        except OSError:  # it ended meanwhile
            continue
        total += pages * 4096
        waiting += map(int, children)
    return total


@pytest.fixture(scope="module")
def made() -> list[Made]:
    return list(deliveries())


def test_mutated_files_are_answered_and_leave_nothing(
    desk: Server, waiting_room: Path, made: list[Made]
) -> None:
    first = asyncio.run(sent(desk.url, made[: NUMBER // 4]))
    before = memory(desk)
    said = first + asyncio.run(sent(desk.url, made[NUMBER // 4 :]))
    assert said.total() == NUMBER
    assert set(said) <= ANSWERS, said
    assert memory(desk) < 1.1 * before + 20 * 2**20
    assert [path for path in waiting_room.rglob("*") if path.is_file()] == []
    good = httpx.post(
        f"{desk.url}/api/v1/check",
        files={"file": ("good.csv", GOOD), "metadata": ("m.json", METADATA)},
        timeout=60,
    )
    assert good.json()["conforms"]
