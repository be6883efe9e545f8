"""Logs never tell who somebody is."""

import json
import logging
import logging.config
from collections.abc import Iterator
from io import StringIO

import pytest
from django.conf import settings

from config.logs import logging_settings, mask


@pytest.fixture
def json_lines() -> Iterator[StringIO]:
    """What production's logs hold."""
    lines = StringIO()
    configured = logging_settings(json=True, level="INFO")
    configured["handlers"]["console"]["stream"] = lines
    logging.config.dictConfig(configured)
    yield lines
    logging.config.dictConfig(settings.LOGGING)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("Key (address)=(ada.lovelace+news@example.test) exists", "Key (address)=([e-mail]) exists"),
        ("called +33 6 12 34 56 78 twice", "called [number] twice"),
        ("called 06.12.34.56.78", "called [number]"),
        ("Not Found: /u/AQGsd8f7s9d8f7sd98f7s9d8f7sd98f7sd9f8/all/", "Not Found: /u/[token]/all/"),
        ("campaign 12345 at 2026-11-24T10:00:00", "campaign 12345 at 2026-11-24T10:00:00"),
        ("Not Found: /s/newsletter/", "Not Found: /s/newsletter/"),
    ],
)
def test_addresses_numbers_and_tokens_are_masked(written: str, kept: str) -> None:
    assert mask(written) == kept


def test_production_writes_one_json_object_a_line_with_the_traceback_masked(json_lines: StringIO) -> None:
    try:
        raise ValueError("no prospect ada@example.test")
    except ValueError:
        logging.getLogger("campaigns").exception("sending to %s failed", "ada@example.test")

    line = json.loads(json_lines.getvalue())
    assert line["event"] == "sending to [e-mail] failed"
    assert (line["level"], line["logger"]) == ("error", "campaigns")
    assert "ValueError" in line["exception"]
    assert "ada@" not in json.dumps(line)
