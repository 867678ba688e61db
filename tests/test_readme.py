"""The README keeps its word: its query gives its answer."""

import re
from pathlib import Path

from tests.conftest import stadtwissen

README = Path(__file__).parent.parent / "README.md"


def test_the_query_in_the_readme_gives_the_answer_beside_it(home: Path) -> None:
    text = README.read_text("utf-8")
    found = re.search(r"<<'EOF'\n(.*?)EOF\n```\n```\n(.*?)```", text, re.S)
    assert found is not None
    done = stadtwissen("query", home=home, stdin=found[1])
    assert done.stdout == found[2]


def test_every_folder_in_the_table_exists() -> None:
    folders = re.findall(r"^\| `([a-z_/]+)/` ", README.read_text("utf-8"), re.M)
    assert len(folders) >= 7
    missing = [f for f in folders if f != "data/build" and not (README.parent / f).is_dir()]
    assert missing == []


def test_every_link_in_the_readme_arrives() -> None:
    links = re.findall(r"\]\(([^)#]+)\)", README.read_text("utf-8"))
    missing = [link for link in links if ":" not in link and not (README.parent / link).exists()]
    assert len(links) > 8
    assert missing == []
