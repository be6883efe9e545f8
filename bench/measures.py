"""Measures as a table and as JSON Lines in bench/results/, ours beside a reference taken in the same run."""

import json
import os
import platform
import statistics
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

RESULTS = Path(__file__).parent / "results"
_RUN = uuid.uuid4().hex[:12]


@dataclass(eq=False)
class Measure:
    """One measure over several rounds: ours, the reference's, and the ratio of the medians to reach."""

    name: str
    unit: str
    reference_name: str = ""
    goal: float | None = None
    at_most: bool = False  # the goal is a bound from above; it is on the ratio or, without a reference, on our figure
    ours: list[float] = field(default_factory=list)
    reference: list[float] = field(default_factory=list)

    @property
    def ratio(self) -> float | None:
        if not (self.ours and self.reference):
            return None
        return statistics.median(self.ours) / statistics.median(self.reference)

    @property
    def met(self) -> bool | None:
        if self.goal is None or not self.ours:
            return None
        figure = statistics.median(self.ours) if self.ratio is None else self.ratio
        return figure <= self.goal if self.at_most else figure >= self.goal

    def as_json(self) -> dict[str, object]:
        return {
            "run": _RUN,
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "machine": machine(),
            "measure": self.name,
            "unit": self.unit,
            "ours": _median(self.ours),
            "reference_name": self.reference_name,
            "reference": _median(self.reference),
            "ratio": None if self.ratio is None else round(self.ratio, 3),
            "goal": self.goal,
            "met": self.met,
        }


def report(name: str, measures: Sequence[Measure]) -> None:
    """Print a table and append one line per measure to bench/results/NAME.jsonl."""
    RESULTS.mkdir(exist_ok=True)
    with (RESULTS / f"{name}.jsonl").open("a") as results:
        for measure in measures:
            results.write(json.dumps(measure.as_json(), ensure_ascii=False) + "\n")
    width = max(len(measure.name) for measure in measures)
    print(f"\n{'measure':{width}}  {'ours':>10} {'reference':>10} {'ratio':>7} {'goal':>6}  met  unit, reference")
    for measure in measures:
        ours, reference = _figure(_median(measure.ours)), _figure(_median(measure.reference))
        ratio = "" if measure.ratio is None else f"{measure.ratio:.2f}"
        goal = "" if measure.goal is None else f"{measure.goal:g}"
        met = {None: "", True: "yes", False: "NO"}[measure.met]
        print(
            f"{measure.name:{width}}  {ours:>10} {reference:>10} {ratio:>7} {goal:>6}  {met:3}  "
            f"{measure.unit}{', ' if measure.reference_name else ''}{measure.reference_name}"
        )


def machine() -> str:
    """What the figures were taken on."""
    return f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, Python {platform.python_version()}"


def _median(values: list[float]) -> float | None:
    return round(statistics.median(values), 2) if values else None


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:,.0f}" if value >= 100 else f"{value:,.2f}"
