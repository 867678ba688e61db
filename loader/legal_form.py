"""Legal forms: which names are recognisably those of organisations.

What is not recognised may be a person. Forms that bear the names of their owners, such as GbR or
e.K., count as persons.
"""

import polars as pl

_FORMS = (
    r"(?:GmbH|gmbh|mbH|mbh)(?:$|[^a-z])|"
    r"\b(?:gAG|AG|SE|KG|KGaA|OHG|UG|eG|Ltd|Inc|B\.?V|[eE]\.?\s?V|VVaG|AöR|KdöR)\b|"
    r"(?i:eingetragener verein|aktiengesellschaft|genossenschaft)"
)
_BODIES = (
    r"(?i)(?:\bstadt\b|^landeshauptstadt|städte|gemeinde\b|landkreis|\b(?:[a-zäöü]*kreis|kreises)\b|"
    r"^markt\b|^bezirk\b|region\b|\bamt\b|\bamtes\b|\w{4,}(?:amt|ämter)\b|behörde|verwaltung|"
    r"ministerium|staatlich|\bland\b|\blandes|\bbundes|\bbund\b|freistaat|bezirksregierung|senat|polizei|"
    r"feuerwehr|verband\b|verbandes\b|verein\b|vereinigung|universität|hochschule|\bfh\b|\btu\b|"
    r"\buni\b|(?:volks|berufs|real|grund|ober|gesamt|fach|sonder|kreis)schule|gymnasium|akademie|kolleg\b|"
    r"institut|fraunhofer|max-planck|helmholtz|leibniz|forschung|[a-z]zentrum|kammer\b|\bihk\b|"
    r"\bhwk\b|innung|stiftung|kirche\b|kirchen(?:kreis|gemeinde)|diakoni|caritas|dekanat|pfarramt|"
    r"bistum|diözese|erzbis|johanniter|malteser|rotes kreuz|\bdrk\b|\bawo\b|wohlfahrt|paritätisch|"
    r"lebenshilfe|klinikum|krankenhaus|krankenkasse|sparkasse|\w{3,}bank\b|agentur für arbeit|"
    r"gesellschaft|genossenschaft|bildungswerk|stadtwerke|eigenbetrieb|museum|theater|bibliothek|"
    r"archiv\b|körperschaft|anstalt|gewerkschaft|\bdgb\b|arbeitsgemeinschaft|\barge\b|netzwerk\b|"
    r"bildungszentrum|\bvhs\b|jobcenter|konsortium)"
)
_OWNERS = (
    r"(?i)(?:\bherrn?\b|\bfrau\b|\bfamilie\b|\beheleute\b|\binh\b|\binhaber|\bgbr\b|\be\.?\s?k\.?(?:\s|$|,)|"
    r"\be\.?\s?kfm|\be\.?\s?kfr|\beinzelunternehm|\bprivatperson)"
)


def is_organisation(names: pl.Series) -> pl.Series:
    """Whether each name shows a legal form or a kind of body, and no owner."""
    plain = names.fill_null("").str.normalize("NFC").str.replace_all(r"\s*-?\n\s*", " ")
    known = plain.str.contains(_FORMS) | plain.str.contains(_BODIES)
    return known & ~plain.str.contains(_OWNERS)
