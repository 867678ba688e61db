"""The folders that travel with the code: ontology, shapes and the bundled sources."""

from pathlib import Path

_HERE = Path(__file__).parent
_CHECKOUT = _HERE.parent


def checkout() -> Path | None:
    """The project's folder when the code runs from a checkout, None from an installed wheel."""
    return _CHECKOUT if (_CHECKOUT / "pyproject.toml").is_file() else None


def ontology() -> Path:
    """The folder with one Turtle file a module, and `schemes/` beside them."""
    return _folder("ontology", "ontology")


def shapes() -> Path:
    """The folder with one file of SHACL shapes per ontology module."""
    return _folder("shapes", "shapes")


def sources() -> Path:
    """The folder with one folder per bundled source."""
    return _folder("data/sources", "sources")


def _folder(in_checkout: str, in_wheel: str) -> Path:
    root = checkout()
    return root / in_checkout if root else _HERE / "bundle" / in_wheel
