"""Legal forms: which names are recognisably those of organisations.

What is not recognised may be a person. Forms that bear the names of their owners, such as GbR or
e.K., count as persons.
"""

from functools import cache
from pathlib import Path

import polars as pl

_GIVEN_NAMES = Path(__file__).parent / "given_names.txt"
_FORMS = (
    r"(?:GmbH|gmbh|mbH|mbh)(?:$|[^a-z])|"
    r"\b(?:gAG|AG|SE|KG|KGaA|OHG|UG|eG|Ltd|Inc|B\.?V|[eE]\.?\s?V|VVaG|AöR|KdöR)\b|"
    r"(?i:eingetragener verein|aktiengesellschaft|genossenschaft)"
)
_BODIES = (
    r"(?i)(?:\bstadt\b|^landeshauptstadt|städte|gemeinde\b|landkreis|\b(?:[a-zäöü]*kreis|kreises)\b|"
    r"^markt\b|^bezirk\b|region\b|\bamt\b|\bamtes\b|\w{4,}(?:amt|ämter)\b|behörde|verwaltung|"
    r"ministerium|^staatlich|^land\b|^lkr\b|\blandes|\bbundes|\bbund\b|freistaat|bezirksregierung|senat|polizei|"
    r"feuerwehr|verband\b|verbandes\b|verein\b|vereinigung|universität|hochschule|(?:^|[^(])\b(?:fh|tu)\b|"
    r"\buni\b|(?:volks|berufs|real|grund|ober|gesamt|fach|sonder|kreis)schule|gymnasium|akademie|kolleg\b|"
    r"institut|fraunhofer|max-planck|helmholtz|leibniz|forschung|[a-z]zentrum|kammer\b|\bihk\b|"
    r"\bhwk\b|innung|stiftung|\bkirche\b|kirchen(?:kreis|gemeinde)|diakoni|caritas|dekanat|pfarramt|"
    r"bistum|diözese|erzbis|johanniter|malteser|rotes kreuz|\bdrk\b|\bawo\b|wohlfahrt|paritätisch|"
    r"lebenshilfe|klinikum|krankenhaus|krankenkasse|sparkasse|\w{3,}bank\b|agentur für arbeit|"
    r"gesellschaft|genossenschaft|bildungswerk|stadtwerke|eigenbetrieb|museum|theater|bibliothek|"
    r"archiv\b|körperschaft|anstalt|gewerkschaft|\bdgb\b|arbeitsgemeinschaft|\barge\b|netzwerk\b|"
    r"bildungszentrum|\bvhs\b|jobcenter|konsortium)"
)
_OWNERS = (
    r"(?i)(?:gesellschaft b\.?\s?r|\bherrn?\b|\bfrau\b|\bfamilie\b|\beheleute\b|\binh\b|"
    r"\binhaber|\bgbr\b|\be\.?\s?k\.?(?:\s|$|,)|\be\.?\s?kfm|\be\.?\s?kfr|\beinzelunternehm|\bprivatperson)"
)


# Bodies that are named after a saint or a benefactor.
_NAMED_AFTER = (
    r"(?i)(?:^stadt\b|gemeinde\b|kirche|stift|schule\b|universität|hochschule|verband\b|verein|"
    r"museum|klinik|krankenhaus|caritas|malteser|johanniter|diakon|\bawo\b)"
)


def is_organisation(names: pl.Series) -> pl.Series:
    """Whether each name shows a legal form or a kind of body, and no owner."""
    plain = names.fill_null("").str.normalize("NFC").str.replace_all(r"\s*-?\n\s*", " ")
    body = plain.str.contains(_BODIES)
    after_person = plain.str.contains(_person()) & ~plain.str.contains(_NAMED_AFTER)
    known = plain.str.contains(_FORMS) | (body & ~after_person)
    return known & ~plain.str.contains(_OWNERS)


@cache
def _person() -> str:
    """A common given name before or after another name, as a firm bears its owner's."""
    given = "|".join(_GIVEN_NAMES.read_text("utf-8").split())
    return rf"(?:^|[ ,])(?:{given})(?: \p{{Lu}}\p{{Ll}}|$|,)|^\p{{Lu}}[\p{{Ll}}-]+, (?:{given})\b"
