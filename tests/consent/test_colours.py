import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consent.colours import _DARK_PAGE, _LIGHT_PAGE, contrast, shades


@given(st.from_regex(r"[0-9a-f]{6}", fullmatch=True))
def test_whatever_colour_an_organisation_has_everybody_can_read_its_pages(colour):
    found = shades(colour)

    assert contrast(found.ink, found.fill) >= 4.5
    assert contrast(found.on_light, _LIGHT_PAGE) >= 4.5
    assert contrast(found.on_dark, _DARK_PAGE) >= 4.5


@pytest.mark.parametrize("colour", ["", "12345", "1234567", "red", "12345g", "#12345"])
def test_what_is_no_colour_makes_no_style_sheet(colour):
    with pytest.raises(ValueError, match=f"^{re.escape(colour)}$"):
        shades(colour)


def test_the_style_sheet_of_a_colour_is_kept_for_good_and_needs_no_database(client):
    response = client.get("/brand/1f4b99.css")

    assert response.headers["Content-Type"] == "text/css; charset=utf-8"
    assert "immutable" in response.headers["Cache-Control"]
    assert "--brand-fill:31, 75, 153" in response.content.decode()
    assert client.get("/brand/not-a-colour.css").status_code == 404
