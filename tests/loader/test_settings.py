"""Settings: read once, refused when they lie."""

from pathlib import Path

import pytest

from loader.errors import UsageError
from loader.settings import Settings


def test_a_setting_comes_from_the_environment() -> None:
    settings = Settings.from_environment(
        {"STADTWISSEN_HOME": "/tmp/x", "STADTWISSEN_QUERY_MEMORY": "3 GiB", "OTHER": "1"}
    )
    assert (settings.home, settings.query_memory) == (Path("/tmp/x"), 3 * 2**30)


def test_a_misspelt_setting_is_noticed() -> None:
    with pytest.raises(UsageError, match="STADTWISSEN_QUERY_TIMOUT"):
        Settings.from_environment({"STADTWISSEN_QUERY_TIMOUT": "3"})


@pytest.mark.parametrize("text", ["fast", "3 GB", ""])
def test_a_number_that_is_none_names_the_setting(text: str) -> None:
    environ = {"STADTWISSEN_QUERY_MEMORY": text}
    if text:
        with pytest.raises(UsageError, match="STADTWISSEN_QUERY_MEMORY"):
            Settings.from_environment(environ)
    else:  # an empty variable is no value
        assert Settings.from_environment(environ).query_memory == 2 * 2**30
