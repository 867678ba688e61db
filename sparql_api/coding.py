"""Content codings: which one a client gets, and the compressors that write it."""

import zlib
from typing import Protocol

import zstandard

CODINGS = ("zstd", "gzip")  # among equals the first
SMALL = 1024  # bytes; below, a coding gains nothing

_GZIP_LEVEL, _ZSTD_LEVEL = 4, 3  # four fifths of the best for a third of the time
_GZIP_WINDOW = 31  # zlib's number for gzip's own header


class Coder(Protocol):
    """Compresses a stream piece by piece."""

    def compress(self, data: bytes) -> bytes:
        """What can go out so far, maybe nothing."""
        ...

    def flush(self) -> bytes:
        """What is held back, so that the client can read all of it now."""
        ...

    def finish(self) -> bytes:
        """The end of the stream."""
        ...


def choose(accepted: str | None) -> str:
    """The coding for a client's `Accept-Encoding`; empty for none."""
    if not accepted:
        return ""
    weights: dict[str, float] = {}
    for part in accepted.lower().split(","):
        name, _, parameter = part.partition(";")
        weights[name.strip()] = _weight(parameter)
    others = weights.get("*", 0.0)
    best = max(CODINGS, key=lambda name: weights.get(name, others))
    return best if weights.get(best, others) > weights.get("identity", 0.0) else ""


def coder(coding: str) -> Coder:
    """A compressor for one stream."""
    return _Gzip() if coding == "gzip" else _Zstd()


def encode(coding: str, data: bytes) -> bytes:
    """A whole body at once."""
    stream = coder(coding)
    return stream.compress(data) + stream.finish()


def _weight(parameter: str) -> float:
    name, _, number = parameter.partition("=")
    try:
        return float(number) if name.strip() == "q" else 1.0
    except ValueError:
        return 0.0


class _Gzip:
    def __init__(self) -> None:
        self._stream = zlib.compressobj(_GZIP_LEVEL, zlib.DEFLATED, _GZIP_WINDOW)

    def compress(self, data: bytes) -> bytes:
        return self._stream.compress(data)

    def flush(self) -> bytes:
        return self._stream.flush(zlib.Z_SYNC_FLUSH)

    def finish(self) -> bytes:
        return self._stream.flush()


class _Zstd:
    def __init__(self) -> None:
        self._stream = zstandard.ZstdCompressor(level=_ZSTD_LEVEL).compressobj()

    def compress(self, data: bytes) -> bytes:
        return self._stream.compress(data)

    def flush(self) -> bytes:
        return self._stream.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK)

    def finish(self) -> bytes:
        return self._stream.flush()
