"""The suites against any running server, for the table in the handbook.

`python -m tests.w3c QUERY UPDATE GRAPHS [KEY]` takes the server's three addresses (`-` for one that
it does not have) and prints what passed and what failed. The server's data are deleted.
"""

import sys
from collections.abc import Callable

import httpx

from tests.w3c import evaluation
from tests.w3c.requests import Service, prepare, run
from tests.w3c.suite import Case, cases

STORE = ("manifest-direct.ttl", "manifest-indirect.ttl")


def main(query: str, update: str, graphs: str, key: str = "") -> None:
    headers = {"Connection": "close"}  # some servers send a body after HEAD
    headers |= {"Authorization": f"Bearer {key}"} if key else {}
    with httpx.Client(headers=headers, timeout=60) as client:
        service = Service(query, update, graphs, client)

        def requested(case: Case) -> None:
            prepare(service, case)
            run(service, case)

        def updated(case: Case) -> None:
            made, expected = evaluation.change(service, case, apart=True)
            assert made == expected

        _judge("protocol", cases("protocol"), requested)
        if graphs != "-":
            store = [case for name in STORE for case in cases("graph-store-protocol", name)]
            _judge("graph store", store, requested)
            folders = ("add", "basic-update", "clear", "copy", "delete", "delete-data")
            folders += ("delete-insert", "delete-where", "drop", "move", "update-silent")
            updates = [case for folder in folders for case in cases(folder)]
            kind = "UpdateEvaluationTest"
            _judge("update", [case for case in updates if case.kind == kind], updated)


def _judge(name: str, entries: list[Case] | tuple[Case, ...], test: Callable[[Case], None]) -> None:
    failed = []
    for case in entries:
        try:
            test(case)
        except (AssertionError, httpx.HTTPError, KeyError, ValueError, SyntaxError) as error:
            failed.append(f"  {case.name}: {str(error)[:120]}")
    print(f"{name}: {len(entries) - len(failed)} of {len(entries)}", *failed, sep="\n")  # noqa: T201


if __name__ == "__main__":
    main(*sys.argv[1:])
