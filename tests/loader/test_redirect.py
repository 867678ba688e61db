"""The rules for w3id.org: where the addresses of the data lead, as Apache reads them."""

from pathlib import Path

from loader.catalog import redirect
from loader.settings import Settings

SERVER = "https://daten.example"


def test_the_folder_to_submit_leads_to_the_server(tmp_path: Path) -> None:
    said = Settings(home=tmp_path, public_url=f"{SERVER}/", contact="daten@kts.example")
    rules, readme = redirect.write(tmp_path, said)
    assert (rules.name, readme.name) == (".htaccess", "README.md")
    lines = rules.read_text().splitlines()
    assert [line for line in lines if line.startswith("RewriteRule")] == [
        f"RewriteRule ^id(?:/|$) {SERVER}/%1 [R=303,NE,L]",
        f"RewriteRule ^ {SERVER}/%1 [R=302,NE,L]",
    ]
    assert sum("/stadtwissen/([^? ]*)" in line for line in lines) == 2
    assert "daten@kts.example" in readme.read_text()


def test_a_server_without_an_address_of_its_own_has_nothing_to_submit(tmp_path: Path) -> None:
    assert redirect.write(tmp_path, Settings(home=tmp_path)) == []
    own = Settings(home=tmp_path, base_iri=f"{SERVER}/", public_url=SERVER)
    assert redirect.write(tmp_path, own) == []
    assert list(tmp_path.iterdir()) == []
