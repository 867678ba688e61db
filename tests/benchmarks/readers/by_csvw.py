"""csvw: it writes JSON only; that it answers at all is what can be counted of it."""

import json

from csvw import CSVW

from tests.benchmarks.readers import tasks


def convert(table: str, metadata: str | None, minimal: bool) -> str:  # noqa: FBT001
    made = CSVW(table, md_url=metadata)
    return "# " + json.dumps(made.to_json(minimal=minimal))


if __name__ == "__main__":
    tasks.run(convert)
