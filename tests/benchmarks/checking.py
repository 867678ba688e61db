"""The check of a partner's file of 1,000 rows by the running server, alone and ten at once.

The file has faults of five kinds in some rows. The server is warm: some checks have gone before.
The processors' time is that of the whole machine, so that nothing else should run beside it.
All five thousand mutated files: `UPLOADS=5000 pytest tests/sparql_api/attacks/test_uploads.py`.
"""

import csv
import io
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from statistics import median

import httpx

from loader import bundle

BROKEN = Path(__file__).parents[1] / "sources" / "broken"
ROWS, AT_ONCE, ROUNDS = 1_000, 10, 5
GOAL_ONE, GOAL_TEN = 1.0, 3.0


def main() -> None:
    """Prints the first check, and medians of later ones and of ten at once beside their goals."""
    content = table(random.Random(1))
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(Path(folder)) as url,
        httpx.Client(base_url=url, timeout=120) as client,
    ):
        print(_line("the first", [timed(client, content, 1)], None))  # noqa: T201
        rest()
        timed(client, content, AT_ONCE)
        alone = [timed(client, content, 1) for _ in range(ROUNDS)]
        together = [timed(client, content, AT_ONCE) for _ in range(ROUNDS)]
    print(f"{ROWS} rows, {len(content) // 1024} KiB")  # noqa: T201
    print(_line("one check", alone, GOAL_ONE))  # noqa: T201
    print(_line(f"{AT_ONCE} at once", together, GOAL_TEN))  # noqa: T201


def table(dice: random.Random) -> bytes:
    """Rows made of the good ones, each with a municipality of its own, some of them wrong."""
    rows = list(csv.reader((BROKEN / "good.csv").open(encoding="utf-8"), delimiter=";"))
    with (bundle.sources() / "gemeinden" / "gemeinden.csv").open(encoding="utf-8") as file:
        keys = [row["ags"] for row in csv.DictReader(file)]
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow(rows[0])
    for number in range(ROWS):
        row = list(rows[1 + number % 3])
        row[0], row[5] = f"m-{number}", dice.choice(keys)
        faults = [(50, 5, row[5].lstrip("0")), (33, 11, "Ende 2023"), (40, 7, "Dateien")]
        faults += [(61, 1, ""), (97, 13, "www.koeln.de")]
        for every, column, wrong in faults:
            row[column] = wrong if number % every == 0 else row[column]
        writer.writerow(row)
    return text.getvalue().encode()


def timed(client: httpx.Client, content: bytes, number: int) -> tuple[float, float]:
    """Seconds until the last of so many checks at once is answered, and of the processors' time."""
    began, busy = time.perf_counter(), worked()
    with ThreadPoolExecutor(number) as pool:
        list(pool.map(lambda _: sent(client, content), range(number)))
    return time.perf_counter() - began, worked() - busy


def worked() -> float:
    """Seconds that all processors have worked since the machine began."""
    user, nice, system = Path("/proc/stat").read_text().split("\n")[0].split()[1:4]
    return (int(user) + int(nice) + int(system)) / os.sysconf("SC_CLK_TCK")


def rest() -> None:
    """Waits until nothing works: after its first check the server takes hold of the release."""
    busy = 1.0
    while busy > 0.1:
        before = worked()
        time.sleep(1)
        busy = worked() - before


def sent(client: httpx.Client, content: bytes) -> None:
    """One check. Raises for anything but a verdict with findings."""
    metadata = (BROKEN / "massnahmen-metadata.json").read_bytes()
    files = {"file": ("massnahmen.csv", content), "metadata": ("m.json", metadata)}
    answer = client.post("/api/v1/check", files=files)
    if answer.status_code != httpx.codes.OK or not answer.json()["findings"]:
        raise RuntimeError(answer.text[:1_000])


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """A server on a release of the bundled sources."""
    environment = {**os.environ, "STADTWISSEN_HOME": str(folder), "STADTWISSEN_DUMPS": "none"}
    command = [sys.executable, "-m", "loader.command"]
    subprocess.run([*command, "build"], env=environment, check=True, capture_output=True)
    with subprocess.Popen(
        [*command, "serve", "--port", "0"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        if process.stdout is None:
            raise RuntimeError(command)
        yield process.stdout.readline().split()[-1].rstrip("/")
        process.terminate()


def _line(name: str, figures: list[tuple[float, float]], goal: float | None) -> str:
    seconds, busy = (median(each) for each in zip(*figures, strict=True))
    said = f"{name:12} {seconds:6.2f} s · processors {busy:6.2f} s"
    if goal is None:
        return said
    return f"{said} · goal {goal} s {'met' if seconds <= goal else 'missed'}"


if __name__ == "__main__":
    main()
