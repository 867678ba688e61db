"""The address `/api/v1/check` on a running server."""

import io
import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from openpyxl import load_workbook
from rdflib import RDF, SH, Graph

from tests.sparql_api.conftest import Server

BROKEN = Path(__file__).parents[1] / "sources" / "broken"
METADATA = BROKEN / "massnahmen-metadata.json"
CHECK = "/api/v1/check"


@pytest.fixture(scope="module")
def client(desk: Server) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=desk.url, timeout=120) as client:
        yield client


def sent(client: httpx.Client, name: str, **headers: str) -> httpx.Response:
    files = {
        "file": (name, (BROKEN / name).read_bytes()),
        "metadata": (METADATA.name, METADATA.read_bytes()),
    }
    return client.post(CHECK, files=files, headers=headers)


def test_a_good_file_conforms(client: httpx.Client) -> None:
    answer = sent(client, "good.csv")
    assert (answer.status_code, answer.json()["conforms"]) == (200, True)
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["cache-control"] == "no-store"


def test_a_finding_names_its_cell(client: httpx.Client) -> None:
    (finding,) = sent(client, "S-AGS-FORM.csv").json()["findings"]
    assert (finding["code"], finding["cell"]) == ("S-AGS-FORM", "F2")


def test_the_body_alone_is_a_delivery(client: httpx.Client) -> None:
    body = (BROKEN / "D-RDF.ttl").read_bytes()
    answer = client.post(CHECK, content=body, headers={"Content-Type": "text/turtle"})
    assert [each["code"] for each in answer.json()["findings"]] == ["D-RDF"]


@pytest.mark.parametrize(
    "name", ["D-ARCHIV.xlsx", "D-FORMAT.csv", "D-KAPUTT.xlsx", "D-PASSWORT.xlsx"]
)
def test_a_file_that_is_not_what_it_says_is_422_with_one_finding(
    client: httpx.Client, name: str
) -> None:
    answer = sent(client, name)
    assert answer.status_code == 422
    assert [each["code"] for each in answer.json()["findings"]] == [name.partition(".")[0]]


def test_the_answer_comes_as_a_marked_workbook(client: httpx.Client) -> None:
    media = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    answer = sent(client, "S-AGS-FORM.csv", Accept=media)
    book = load_workbook(io.BytesIO(answer.content))
    assert book.sheetnames == ["S-AGS-FORM", "Befunde"]
    assert "05315000" in book["S-AGS-FORM"]["F2"].comment.text


def test_the_answer_comes_as_a_shacl_report(client: httpx.Client) -> None:
    answer = sent(client, "S-AGS-FORM.csv", Accept="text/turtle")
    graph = Graph().parse(data=answer.text, format="turtle")
    assert len(list(graph.subjects(RDF.type, SH.ValidationResult))) == 1


def test_a_format_that_does_not_exist_is_406(client: httpx.Client) -> None:
    assert sent(client, "good.csv", Accept="image/png").status_code == 406


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"", "text/csv"),
        (b"nonsense", "multipart/form-data; boundary=x"),
        (b"", "multipart/form-data"),
    ],
)
def test_no_file_is_said_to_be_missing(client: httpx.Client, content: bytes, kind: str) -> None:
    answer = client.post(CHECK, content=content, headers={"Content-Type": kind})
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_file_over_the_limit_is_413_before_it_is_read(client: httpx.Client) -> None:
    def endless() -> Iterator[bytes]:
        for _ in range(60):
            yield b"x" * 2**20

    answer = client.post(CHECK, content=endless(), headers={"Content-Type": "text/csv"})
    assert answer.status_code == 413
    assert answer.json()["limit"] == 50 * 2**20


def test_a_broken_description_is_said_to_be_it(client: httpx.Client) -> None:
    files = {"file": ("a.csv", b"a;b\n1;2\n"), "metadata": ("m.json", b"{")}
    answer = client.post(CHECK, files=files, headers={"Accept-Language": "en"})
    assert answer.status_code == 422
    assert "m.json" in answer.json()["detail"]


@pytest.mark.parametrize("name", ["../../etc/passwd", "a\x00b.csv", "C:\\x\\y.csv", "..", ""])
def test_a_hostile_name_stays_a_name(client: httpx.Client, name: str) -> None:
    answer = client.post(CHECK, files={"file": (name or "x", b"a;b\n1;2\n")})
    assert answer.status_code in {200, 400}
    assert "/" not in json.dumps([f.get("file") for f in answer.json().get("findings", [])])


def test_nothing_of_a_delivery_stays(client: httpx.Client, waiting_room: Path) -> None:
    for name in ("good.csv", "S-AGS-FORM.csv", "D-KAPUTT.xlsx"):
        sent(client, name)
    left = [path for path in waiting_room.rglob("*") if path.is_file()]
    assert left == []
