"""Municipality keys: eight digits (AGS) or twelve (ARS), as partners write them."""

from dataclasses import dataclass

from loader.places.municipality import Area, Register

_LENGTHS = {7: 8, 11: 12}  # what a spreadsheet makes of a key that begins with a zero
_BLANKS = str.maketrans("", "", "  \t-./")


@dataclass(frozen=True, slots=True)
class Known:
    """The key of a municipality of today, written as it should be or as a regional key."""

    key: str


@dataclass(frozen=True, slots=True)
class Misspelt:
    """No key of eight or twelve digits; `meant` is the municipality that it nearly is."""

    digits: int
    meant: Area | None


@dataclass(frozen=True, slots=True)
class Ceased:
    """The key of a municipality that belongs to another one today."""

    today: Area


@dataclass(frozen=True, slots=True)
class Unknown:
    """Well written, but no municipality has or had it."""


Answer = Known | Misspelt | Ceased | Unknown


def ask(text: str, register: Register) -> Answer:
    """What a text is as the key of a municipality; blanks and separators in it do not count."""
    digits = text.translate(_BLANKS)
    if digits in register.municipalities:
        return Known(digits)
    if digits in register.by_regional_key:
        return Known(register.by_regional_key[digits])
    today = register.today(digits)
    if today:
        return Ceased(today)
    if digits.isdecimal() and len(digits) in {8, 12}:
        return Unknown()
    return Misspelt(len(digits), _meant(digits, register))


def _meant(digits: str, register: Register) -> Area | None:
    if len(digits) not in _LENGTHS:
        return None
    area = register.area("0" + digits)
    return area if area and area.kind == "municipality" else None
