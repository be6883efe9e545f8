"""A measurement prints a table and leaves one line for each measure."""

import json
from pathlib import Path

import pytest

from bench import measures
from bench.measures import Measure, report

KEYS = {"run", "at", "machine", "measure", "unit", "ours", "reference_name", "reference", "ratio", "goal", "met"}


@pytest.fixture
def results(tmp_path, monkeypatch):
    monkeypatch.setattr(measures, "RESULTS", tmp_path)
    return tmp_path / "speed.jsonl"


def test_a_line_holds_the_medians_of_both_their_ratio_and_whether_the_goal_is_met(results, capsys):
    faster = Measure("sending", "mails/s", "stock", goal=2, ours=[300, 100, 200], reference=[50, 10, 100])
    slower = Measure("a page", "ms", goal=300, at_most=True, ours=[400, 310, 290])

    report("speed", [faster, slower])
    report("speed", [faster])

    first, second, _again = map(json.loads, results.read_text().splitlines())
    assert set(first) == KEYS
    assert (first["ours"], first["reference"], first["ratio"], first["met"]) == (200, 50, 4, True)
    assert (second["ours"], second["reference"], second["ratio"], second["met"]) == (310, None, None, False)
    table = capsys.readouterr().out
    assert "sending" in table
    assert "NO" in table


def test_every_line_that_is_kept_has_every_key():
    kept = sorted((Path(measures.__file__).parent / "results").glob("*.jsonl"))

    assert kept
    for path in kept:
        for line in path.read_text().splitlines():
            assert set(json.loads(line)) == KEYS, path.name
