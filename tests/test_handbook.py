"""The handbook: every setting has its sentence, in both languages, with the default it has."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from loader.settings import Settings

FOLDER = Path(__file__).parent.parent / "sparql_api" / "handbook"


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("name", [field.name for field in fields(Settings)])
def test_every_setting_is_in_the_handbook(name: str, language: str) -> None:
    text = (FOLDER / f"operators.{language}.md").read_text("utf-8")
    assert f"| `STADTWISSEN_{name.upper()}` |" in text


def test_every_chapter_exists_in_both_languages() -> None:
    names = {path.name for path in FOLDER.glob("*.md")}
    german = {name for name in names if name.endswith(".de.md")}
    assert names == german | {name.replace(".de.", ".en.") for name in german}
    assert len(german) >= 3


# Annotations of rules and forms, which partners do not write.
_OF_RULES = {"headerOf", "hint", "ruleCode", "templateOrder"}


@pytest.mark.parametrize("language", ["de", "en"])
def test_every_annotation_of_tables_is_in_the_handbook(language: str) -> None:
    terms = (FOLDER.parent.parent / "ontology" / "table.ttl").read_text("utf-8")
    named = set(re.findall(r"^stadt:(\w+) a owl:AnnotationProperty", terms, re.MULTILINE))
    text = (FOLDER / f"partners.{language}.md").read_text("utf-8")
    assert {name for name in named - _OF_RULES if f"`{name}`" not in text} == set()
