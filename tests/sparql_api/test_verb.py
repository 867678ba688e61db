"""`stadtwissen serve` as an operator meets it."""

import socket
from pathlib import Path

import pytest

from tests.conftest import stadtwissen


@pytest.mark.parametrize(("lang", "words"), [("de", "Nehmen Sie"), ("en", "Take another")])
def test_a_taken_port_is_said_before_anything_is_loaded(
    tmp_path: Path, lang: str, words: str
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = stadtwissen("serve", "--port", str(port), home=tmp_path, lang=lang)
    assert (done.returncode, done.stdout, "Traceback" in done.stderr) == (2, "", False)
    assert str(port) in done.stderr
    assert words in done.stderr
