"""A reply: an answer as HTTP, written by the clerk that has a client's connection."""

import os
import time
from email.utils import formatdate
from random import Random

from sparql_api import letterhead
from sparql_api.workers.enquiry import Enquiry, Terms

_OK = b"HTTP/1.1 200 OK\r\ndate: %b\r\n%bcontent-length: %d\r\nstadtwissen-request: %b\r\n%b\r\n"


class Reply:
    """Writes replies in the server's name."""

    def __init__(self, terms: Terms) -> None:
        self._rate = terms.rate
        self._chance = Random(os.urandom(8))  # noqa: S311  # a name for the log, no secret
        self._second = 0
        self._date = b""

    def write(self, asked: Enquiry, coding: str, body: bytes, left: float) -> tuple[str, bytes]:
        """The number of the request, and head and body for its client, who has so much left."""
        number = f"{self._chance.getrandbits(32):08x}"
        budget = letterhead.of_budget(self._rate, left)
        lines = "".join([f"{name.lower()}: {text}\r\n" for name, text in budget.items()])
        head = asked.head_for(coding)
        return number, _OK % (self._now(), head, len(body), number.encode(), lines.encode()) + body

    def _now(self) -> bytes:
        second = int(time.time())
        if second != self._second:
            self._second, self._date = second, formatdate(second, usegmt=True).encode()
        return self._date
