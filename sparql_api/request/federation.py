"""Federation: what a query asks of other servers is asked first and put in its place as VALUES.

Workers have no way to the network, so the engine never sees SERVICE. A block is asked as it stands,
for itself, as SPARQL defines it. A block within it goes along as text: the other server asks there,
never we. Its address must be allowed all the same, lest somebody reach through us, and through a
server that only we reach, what the operator did not name. What does not fit is refused: an address
in a variable, blank nodes in the answer.
"""

import asyncio
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pyoxigraph import BlankNode, QueryResultsFormat, QuerySolutions, parse_query_results

from loader.language import Text
from loader.queries.token import tokens
from sparql_api.errors import ServiceFailed, ServiceRefused
from sparql_api.request.broker import Broker

BLOCKS = 4  # in one query, those within others counted too
ROWS = 50_000  # of one block

Token = tuple[str, str, int]
_END: Token = ("", "", 0)
_FORMS = frozenset(["SELECT", "ASK", "CONSTRUCT", "DESCRIBE", "INSERT", "DELETE", "WITH"])
_NOTHING = "{ }"  # one solution that binds nothing: what SILENT makes of a failure


@dataclass(frozen=True, slots=True)
class Block:
    """A SERVICE block: its place in the query, whom it asks, its pattern with braces.

    `within` has the addresses that blocks in its pattern have the other server ask.
    """

    start: int
    end: int
    address: str
    pattern: str
    silent: bool
    within: tuple[str, ...]


async def bind(query: str, base: str, broker: Broker) -> str:
    """The query with each SERVICE block replaced by its solutions.

    `base` resolves relative addresses, at the other server too. Raises ServiceRefused or
    ServiceFailed, and ServiceFailed never for a block that is SILENT.
    """
    found = list(blocks(query))
    addresses = [address for block in found for address in (block.address, *block.within)]
    if len(addresses) > BLOCKS:
        raise _refused(
            f"Die Abfrage hat {len(addresses)} SERVICE-Teile; erlaubt sind {BLOCKS}.",
            f"The query has {len(addresses)} SERVICE parts; {BLOCKS} are allowed.",
        )
    for address in addresses:
        broker.check(address)
    head = _prologue(query, base)
    answers = await asyncio.gather(*(_solutions(head, block, broker) for block in found))
    for block, values in reversed(list(zip(found, answers, strict=True))):
        query = f"{query[: block.start]}{values}{query[block.end :]}"
    return query


def blocks(query: str) -> Iterator[Block]:
    """The outermost SERVICE blocks of a query that the gate let pass. Raises ServiceRefused."""
    stream = tokens(query)
    prefixes: dict[str, str] = {}
    for kind, text, start in stream:
        word = text.upper() if kind == "word" else ""
        if word == "PREFIX":
            name, address = next(stream, None), next(stream, None)
            if name and address:
                prefixes[name[1]] = address[1][1:-1]
        elif word == "SERVICE":
            yield _block(query, start, stream, prefixes)


def _block(query: str, start: int, stream: Iterator[Token], prefixes: dict[str, str]) -> Block:
    address, silent = _target(stream, prefixes)
    opening = next(stream, _END)
    if opening[1] != "{":
        raise _refused("Hinter SERVICE fehlt „{“.", "After SERVICE, “{” is missing.")
    depth, end, within = 1, len(query), []
    for kind, text, place in stream:
        if kind == "word" and text.upper() == "SERVICE":
            within.append(_target(stream, prefixes)[0])
        depth += {"{": 1, "}": -1}.get(text, 0) if kind in {"open", "close"} else 0
        if not depth:
            end = place + 1
            break
    return Block(start, end, address, query[opening[2] : end], silent, tuple(within))


def _target(stream: Iterator[Token], prefixes: dict[str, str]) -> tuple[str, bool]:
    """The address behind the word SERVICE, and whether SILENT stands before it."""
    token = next(stream, _END)
    silent = token[1].upper() == "SILENT"
    return _address(next(stream, _END) if silent else token, prefixes), silent


def _address(token: Token, prefixes: dict[str, str]) -> str:
    kind, text, _ = token
    if kind == "name":
        prefix, _, local = text.partition(":")
        return prefixes.get(prefix + ":", "") + local
    if kind != "iri":
        raise _refused(
            "SERVICE geht hier nur mit einer festen Adresse, nicht mit einer Variablen: "
            "SERVICE <https://…> { … }",
            "SERVICE only works here with a fixed address, not with a variable: "
            "SERVICE <https://…> { … }",
        )
    return text[1:-1]


def _prologue(query: str, base: str) -> str:
    """What stands before the query's form; it gives the other server the same prefixes."""
    words = ((text.upper(), start) for kind, text, start in tokens(query) if kind == "word")
    end = next((start for word, start in words if word in _FORMS), 0)
    return f"BASE <{base}>\n{query[:end]}\n"


async def _solutions(head: str, block: Block, broker: Broker) -> str:
    try:
        body = await broker.ask(block.address, f"{head}SELECT * WHERE {block.pattern}")
        return await asyncio.to_thread(_values, block.address, body)
    except ServiceFailed:
        if block.silent:
            return _NOTHING
        raise


def _values(address: str, body: bytes) -> str:
    try:
        results = parse_query_results(body, QueryResultsFormat.JSON)
        if not isinstance(results, QuerySolutions):
            raise _odd(address)
        names = " ".join(f"?{variable.value}" for variable in results.variables)
        rows = [
            f"({' '.join(_term(address, term) for term in row)})" for row in _few(address, results)
        ]
    except (SyntaxError, ValueError) as error:
        raise _odd(address) from error
    return f"{{ VALUES ({names}) {{ {' '.join(rows)} }} }}"


def _few(address: str, results: QuerySolutions) -> Iterator[Iterable[object]]:
    for number, row in enumerate(results):
        if number == ROWS:
            raise _failed(
                f"{address} hat mehr als {ROWS} Zeilen geantwortet. "
                "Schränken Sie den SERVICE-Teil ein.",
                f"{address} answered more than {ROWS} rows. Narrow the SERVICE part.",
            )
        yield row


def _term(address: str, term: object) -> str:
    if isinstance(term, BlankNode):
        raise _failed(
            f"{address} hat leere Knoten geantwortet, die hier niemand wiedererkennt. "
            "Fragen Sie dort nur nach Adressen und Texten.",
            f"{address} answered blank nodes, which nobody recognises here. "
            "Ask there for addresses and texts only.",
        )
    return "UNDEF" if term is None else str(term)


def _odd(address: str) -> ServiceFailed:
    return _failed(
        f"{address} hat etwas anderes geantwortet als SPARQL-Ergebnisse in JSON.",
        f"{address} answered something else than SPARQL results in JSON.",
    )


def _failed(german: str, english: str) -> ServiceFailed:
    return ServiceFailed(Text(german, english))


def _refused(german: str, english: str) -> ServiceRefused:
    return ServiceRefused(Text(german, english))
