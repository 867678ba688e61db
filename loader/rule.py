"""The loader's own rules: what it notices before any shape is asked.

Rules about what a good description holds live in `shapes/`; these are about files and cells.
"""

from loader.finding import Finding, Severity
from loader.language import Text

_RULES: dict[str, tuple[Severity, Text, Text]] = {
    "M-WERT": (
        "warning",
        Text(
            "Die Beschreibung sagt {member}: {value}. Das lässt der Standard nicht zu.",
            "The description says {member}: {value}. The standard does not allow that.",
        ),
        Text(
            "Die Angabe wurde nicht beachtet; berichtigen Sie die Beschreibung.",
            "It was passed over; correct the description.",
        ),
    ),
    "M-FREMD": (
        "warning",
        Text(
            "Die Beschreibung {metadata} nennt die Tabelle {table} nicht.",
            "The description {metadata} does not name the table {table}.",
        ),
        Text(
            "Sie wurde nicht beachtet; nennen Sie die Tabelle dort unter url.",
            "It was passed over; name the table there under url.",
        ),
    ),
    "T-KOPF": (
        "error",
        Text(
            "Der Tabellenkopf passt nicht zur Beschreibung: {found} statt {expected}.",
            "The header does not fit the description: {found} instead of {expected}.",
        ),
        Text(
            "Berichtigen Sie die Spalten der Beschreibung oder den Kopf der Tabelle.",
            "Correct the columns of the description or the table's header.",
        ),
    ),
    "T-SPALTE-FEHLT": (
        "error",
        Text("Die Spalte „{header}“ fehlt.", "The column “{header}” is missing."),
        Text(
            "Ergänzen Sie die Spalte, oder benennen Sie die richtige so um. Gefunden: {found}.",
            "Add the column, or rename the right one. Found: {found}.",
        ),
    ),
    "T-SPALTE-FREMD": (
        "info",
        Text(
            "Die Spalte „{header}“ kennen wir nicht; wir haben sie nicht übernommen.",
            "We do not know the column “{header}”; it was not taken over.",
        ),
        Text(
            "Beschreiben Sie die Spalte in den Metadaten, oder nennen Sie dort den Grund, "
            "warum sie nicht übernommen wird.",
            "Describe the column in the metadata, or say there why it is not taken over.",
        ),
    ),
    "T-ZELLEN": (
        "error",
        Text(
            "Diese Zeile hat {found} Zellen; es müssten {expected} sein.",
            "This row has {found} cells; it should have {expected}.",
        ),
        Text(
            "Meist fehlen Anführungszeichen um einen Text, der das Trennzeichen enthält.",
            "Mostly quotation marks are missing around a text that holds the delimiter.",
        ),
    ),
    "S-PFLICHT": (
        "error",
        Text("Hier fehlt eine Angabe.", "A value is missing here."),
        Text(
            "Die Spalte „{header}“ braucht in jeder Zeile einen Wert.",
            "The column “{header}” needs a value in every row.",
        ),
    ),
    "S-DATUM": (
        "error",
        Text("„{value}“ ist kein Datum.", "“{value}” is not a date."),
        Text(
            "Schreiben Sie {example}. Kennen Sie den Tag nicht, lassen Sie die Zelle leer.",
            "Write {example}. If you do not know the day, leave the cell empty.",
        ),
    ),
    "S-DATUM-TEIL": (
        "error",
        Text("„{value}“ ist kein Datum.", "“{value}” is not a date."),
        Text(
            "Schreiben Sie Tag, Monat und Jahr. Kennen Sie den Tag nicht, genügt der Monat oder "
            "das Jahr: 2023-12-31, 2023-12 oder 2023.",
            "Write day, month and year. If you do not know the day, the month or the year alone "
            "will do: 2023-12-31, 2023-12 or 2023.",
        ),
    ),
    "S-ZAHL": (
        "error",
        Text("„{value}“ ist keine Zahl, wie sie hier stehen darf.", "“{value}” will not do here."),
        Text(
            "Schreiben Sie nur Ziffern, zum Beispiel {example}.",
            "Write digits only, for example {example}.",
        ),
    ),
    "S-ADRESSE": (
        "error",
        Text(
            "„{value}“ ist keine vollständige Webadresse.",
            "“{value}” is not a complete web address.",
        ),
        Text(
            "Sie beginnt mit https:// oder http:// und enthält keine Leerzeichen.",
            "It begins with https:// or http:// and holds no blanks.",
        ),
    ),
    "S-FORM": (
        "error",
        Text(
            "„{value}“ hat nicht die vereinbarte Form.", "“{value}” does not have the agreed form."
        ),
        Text("Vereinbart ist: {example}.", "Agreed is: {example}."),
    ),
    "S-LISTE": (
        "error",
        Text(
            "„{value}“ steht nicht in der Liste „{scheme}“.",
            "“{value}” is not in the list “{scheme}”.",
        ),
        Text(
            "Wählen Sie einen Eintrag der Liste. Am nächsten kommt: {nearest}.",
            "Choose an entry of the list. The nearest is: {nearest}.",
        ),
    ),
    "S-DOPPELT": (
        "error",
        Text(
            "Der Schlüssel „{value}“ kommt mehrfach vor (Zeilen {rows}).",
            "The key “{value}” occurs more than once (rows {rows}).",
        ),
        Text(
            "Ist es dasselbe, löschen Sie eine Zeile; sonst vergeben Sie einen neuen Schlüssel.",
            "If it is the same thing delete one row; otherwise give a new key.",
        ),
    ),
    "S-VERWEIS": (
        "error",
        Text(
            "„{value}“ finden wir nicht in „{resource}“.",
            "We do not find “{value}” in “{resource}”.",
        ),
        Text(
            "Tragen Sie einen Schlüssel ein, den es dort gibt, oder ergänzen Sie dort die Zeile.",
            "Enter a key that stands there, or add the row there.",
        ),
    ),
    "S-VERWEIS-MEHR": (
        "error",
        Text(
            "„{value}“ steht in „{resource}“ mehrfach.",
            "“{value}” stands more than once in “{resource}”.",
        ),
        Text(
            "Ein Verweis braucht genau ein Ziel; löschen Sie dort die doppelte Zeile.",
            "A reference needs one target; delete the duplicate row there.",
        ),
    ),
    "E-MENGE": (
        "error",
        Text(
            "Die Tabelle hat {found} Zeilen; erwartet sind {expected}.",
            "The table has {found} rows; {expected} are expected.",
        ),
        Text(
            "Prüfen Sie, ob die Lieferung vollständig ist. Stimmt die Zahl, ändern Sie die "
            "Erwartung in den Metadaten der Quelle.",
            "Check that the delivery is complete. If the number is right, change the expectation "
            "in the source's metadata.",
        ),
    ),
    "E-SCHWUND": (
        "error",
        Text(
            "Die Tabelle hat {found} Zeilen; in der geltenden Veröffentlichung sind es {before}.",
            "The table has {found} rows; the live release has {before}.",
        ),
        Text(
            "Höchstens {share} Prozent dürfen wegfallen. Ist der Wegfall gewollt, bauen Sie mit "
            "--accept-shrinkage {source}.",
            "At most {share} per cent may go. If this is meant, build with "
            "--accept-shrinkage {source}.",
        ),
    ),
    "E-TABELLE-FEHLT": (
        "error",
        Text(
            "Die Tabelle der geltenden Veröffentlichung mit {before} Zeilen fehlt diesmal.",
            "The table of the live release with {before} rows is missing this time.",
        ),
        Text(
            "Nehmen Sie sie wieder auf. Heißt sie jetzt anders, oder soll sie wegfallen, bauen Sie "
            "mit --accept-shrinkage {source}.",
            "Take it in again. If it has another name now, or is meant to go, build with "
            "--accept-shrinkage {source}.",
        ),
    ),
    "S-ZEICHEN": (
        "error",
        Text(
            "Der Text enthält ein Steuerzeichen, das niemand sehen und kein XML tragen kann.",
            "The text holds a control character that nobody can see and no XML can carry.",
        ),
        Text(
            "Tippen Sie den Text neu, statt ihn aus einem anderen Programm zu kopieren.",
            "Type the text anew instead of copying it from another program.",
        ),
    ),
    "E-QUELLE-FEHLT": (
        "error",
        Text(
            "Die Quelle {source} der geltenden Veröffentlichung fehlt diesmal.",
            "The source {source} of the live release is missing this time.",
        ),
        Text(
            "Nennen Sie auch ihren Ordner, oder bauen Sie mit --accept-shrinkage {source}.",
            "Name its folder too, or build with --accept-shrinkage {source}.",
        ),
    ),
}


def finding(code: str, **values: object) -> Finding:
    """A finding of the rule, its sentences filled with the values. Raises KeyError."""
    severity, message, hint = _RULES[code]
    return Finding(code, severity, message.filled(**values), hint.filled(**values))


def codes() -> tuple[str, ...]:
    """The codes of all rules of the loader."""
    return tuple(_RULES)
