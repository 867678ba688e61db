"""The rules by which w3id.org leads from the lasting addresses to the server, ready to submit.

w3id.org takes a folder with `.htaccess` and `README.md` as a pull request to
https://github.com/perma-id/w3id.org; the folder is named as the first part of the addresses.
"""

from pathlib import Path
from urllib.parse import urlsplit

from loader.settings import Settings

_RULES = """\
# {base} - the open knowledge graph of municipal Smart City work in Germany
# Contact: {contact}
Options -MultiViews
RewriteEngine on

# The request as it was sent, so that %C3%B6 and %2F stay what they are; the query goes along.
RewriteCond %{{THE_REQUEST}} "^[A-Z]+ (?:https?://[^/ ]+)?{path}([^? ]*)"
RewriteRule ^id(?:/|$) {server}/%1 [R=303,NE,L]
RewriteCond %{{THE_REQUEST}} "^[A-Z]+ (?:https?://[^/ ]+)?{path}([^? ]*)"
RewriteRule ^ {server}/%1 [R=302,NE,L]
"""
_README = """\
# {name}

{base} names the things, terms and releases of Stadtwissen, the open knowledge graph of municipal
Smart City work in Germany. The server answers at {server}/; addresses under `id/` name things that
are no documents (303), all others documents (302).

## Contact

{publisher}, {contact}
"""


def write(folder: Path, settings: Settings) -> list[Path]:
    """Writes the folder to submit; nothing where the server has no public address of its own."""
    server = settings.public_url.rstrip("/")
    base = urlsplit(settings.base_iri)
    if not server or base.hostname == urlsplit(server).hostname:
        return []
    place = folder / "w3id"
    place.mkdir(exist_ok=True)
    said = {
        "base": settings.base_iri,
        "path": base.path,
        "name": base.path.strip("/"),
        "server": server,
        "publisher": settings.publisher,
        "contact": settings.contact or f"{server}/",
    }
    files = {place / ".htaccess": _RULES, place / "README.md": _README}
    for path, text in files.items():
        path.write_text(text.format(**said), "utf-8")
    return list(files)
