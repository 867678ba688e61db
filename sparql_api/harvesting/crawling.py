"""What crawlers read first: `/robots.txt` and the site maps.

Sources: RFC 9309; *Sitemaps XML format* (sitemaps.org), at most 50,000 addresses a file.
"""

import asyncio
from collections.abc import Iterable
from contextlib import closing
from urllib.parse import quote
from xml.etree import ElementTree

from fastapi import APIRouter, Request
from starlette.responses import PlainTextResponse, Response

from loader.queries.search import Index
from loader.releases.release import Release
from sparql_api import locality
from sparql_api.dispatch import pool as pools
from sparql_api.problems import unknown

router = APIRouter()

_MAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
_ADDRESSES = 10_000  # of one site map
_PAGES = ("/", "/suche", "/sparql", "/ontology", "/api")
_ROBOTS = """\
# Everything may be read. Queries are answered at /sparql; whoever wants all data takes the dumps.
# What there is, for portals: {origin}/catalog (DCAT-AP.de 3.0; {origin}/catalog?profile=2.0)
User-agent: *
Disallow: /sparql?
Disallow: /suche?
Disallow: /en/sparql?
Disallow: /en/suche?
Sitemap: {origin}/sitemap.xml
"""


@router.api_route("/robots.txt", methods=["GET", "HEAD"], include_in_schema=False)
async def robots(request: Request) -> Response:
    """All may read all but the endless space of queries."""
    return PlainTextResponse(_ROBOTS.format(origin=locality.origin(request)))


@router.api_route("/sitemap.xml", methods=["GET", "HEAD"], include_in_schema=False)
async def index(request: Request) -> Response:
    """The list of the site maps: that of the pages, and those of the things."""
    release = (await pools.of(request).generation(None)).release
    number = await asyncio.to_thread(_count, release)
    origin = locality.origin(request)
    names = [f"{origin}/sitemap/{i}.xml" for i in range(-(-number // _ADDRESSES) + 1)]
    return _xml("sitemapindex", "sitemap", names, release)


@router.api_route("/sitemap/{number}.xml", methods=["GET", "HEAD"], include_in_schema=False)
async def part(request: Request, number: str) -> Response:
    """One site map: 0 has the pages, the others documents of things."""
    release = (await pools.of(request).generation(None)).release
    origin, base = locality.origin(request), request.app.state.settings.base_iri
    if not number.isascii() or not number.isdigit() or len(number) > 6:
        raise unknown(request.url.path)
    if int(number) == 0:
        names = [f"{origin}{prefix}{page}" for page in _PAGES for prefix in ("", "/en")]
        return _xml("urlset", "url", names, release)
    things = await asyncio.to_thread(_things, release, int(number) - 1)
    if not things:
        raise unknown(request.url.path)
    names = [origin + document(iri, base) for iri in things if iri.startswith(base)]
    return _xml("urlset", "url", names, release)


def document(iri: str, base: str) -> str:
    """The path of a thing's document, encoded as addresses are written."""
    place = iri.removeprefix(base).removeprefix("id/")
    return "/doc/" + quote(place, safe="/%:@!$'()*+,;=~-._")


def _count(release: Release) -> int:
    found = Index.of(release.path)
    if found is None:
        return 0
    with closing(found):
        return sum(found.classes().values())


def _things(release: Release, number: int) -> list[str]:
    found = Index.of(release.path)
    if found is None:
        return []
    with closing(found):
        return [iri for iri, _ in found.things(_ADDRESSES, number * _ADDRESSES)]


def _xml(root: str, entry: str, addresses: Iterable[str], release: Release) -> Response:
    tree = ElementTree.Element(root, xmlns=_MAP)
    for address in addresses:
        place = ElementTree.SubElement(tree, entry)
        ElementTree.SubElement(place, "loc").text = address
        ElementTree.SubElement(place, "lastmod").text = release.manifest["created"]
    body = ElementTree.tostring(tree, encoding="utf-8", xml_declaration=True)
    return Response(
        body,
        media_type="application/xml",
        headers={"Cache-Control": "no-cache", "Stadtwissen-Release": release.id},
    )
