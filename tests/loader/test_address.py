"""Addresses that RDF takes, and what is made of those that it does not."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import NamedNode

from loader import address

CHARACTERS = st.sampled_from([*"ab1:/?#[]@!$&'()*+,;=%-._~ <>\"{}|\\^`äß€", "\ue000", "\n", "😀"])


@settings(deadline=None)  # a busy machine is no fault
@given(st.text(CHARACTERS, max_size=20).map("http:{}".format))
def test_every_absolute_address_is_made_one_that_a_parser_takes(text: str) -> None:
    NamedNode(address.safe(text))
    NamedNode(address.safe_all(pl.Series([text]))[0])


@settings(deadline=None)  # a busy machine is no fault
@given(st.text(CHARACTERS, max_size=20).map("http://a{}".format))
def test_what_is_called_well_formed_a_parser_takes(text: str) -> None:
    if address.well_formed(pl.Series([text]))[0]:
        NamedNode(text)


@pytest.mark.parametrize(
    "text", ["http://a.de/b?c=d#e", "mailto:a@b.de", "urn:x:y", "http://ä.de/ü"]
)
def test_an_address_that_is_one_stays_as_it_is(text: str) -> None:
    assert address.safe(text) == text
    assert address.well_formed(pl.Series([text]))[0]


@pytest.mark.parametrize(
    "text", ["http://a#b#c", "http://a:b/", "http://a/%zz", "www.koeln.de", "http:"]
)
def test_an_address_that_no_parser_takes_is_not_well_formed(text: str) -> None:
    assert not address.well_formed(pl.Series([text]))[0]
