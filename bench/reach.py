"""Whom a campaign may reach among a million contacts: counting, launching, asking again, explaining one.

Counting is compared with the bare joins over the same rows, launching with the bare INSERT … SELECT of the same rows.
Both are taken in turn, in the same run.
"""

import random
import resource
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from bench import mixed

mixed.start()

from django.db import connection
from psycopg.sql import SQL, Composed, Literal

from bench import mixed_world
from bench.measures import Measure, report
from campaigns.models import Campaign, Message
from consent import law
from consent.models import Purpose
from consent.vocabulary import MEDIUM_OF, Channel
from prospects import law_rows, reach
from prospects.explain import explain
from prospects.models import ContactDetail

ROUNDS = 3
AT = mixed_world.NOW
BATCH, BATCHES, EXPLAINED = 500, 20, 200
FAMILIES, ACTIVITIES = ["garden/tools", "kitchen"], ["bakery", "school"]

_BARE_INSERT = """
INSERT INTO campaigns_message (campaign_id, detail_id, status, ground, reason)
SELECT %s, detail_id, 'queued', ground, '' FROM bench_allowed
ON CONFLICT (campaign_id, detail_id) DO NOTHING
"""


def main() -> None:
    mixed_world.make()
    memory_before = _peak_memory()
    channels = [law.Channel.EMAIL, law.Channel.PHONE, law.Channel.SMS, law.Channel.POST]
    counts = {
        channel: Measure(f"count by ground and reason, {channel}", "s", "bare joins", goal=3, at_most=True)
        for channel in channels
    }
    launching = Measure("launch, one row per allowed contact", "s", "bare INSERT … SELECT", goal=2, at_most=True)
    again = Measure(f"asked again for {BATCH} messages", "ms", goal=10, at_most=True)
    explained = Measure("explain one address", "ms", goal=50, at_most=True)
    memory = Measure("growth of the Python process", "MB", goal=16, at_most=True)

    for measured in range(-1, ROUNDS):  # the round before the first warms up, and does not count
        if measured == 0:
            for measure in (*counts.values(), launching, again, explained):
                measure.ours.clear()
                measure.reference.clear()
        for channel, measure in counts.items():
            message = _message(channel)
            measure.reference.append(_seconds(partial(_run, bare_joins(message))))
            measure.ours.append(_seconds(partial(reach.count_reach, message, AT)))
        _launch(launching)
        again.ours += _ask_again()
        explained.ours += _explain()
    memory.ours.append(_peak_memory() - memory_before)
    report("reach", [*counts.values(), launching, again, explained, memory])
    _show(reach.count_reach(_message(law.Channel.EMAIL), AT))


def bare_joins(message: law.Message) -> Composed:
    """The joins of the verdict without the verdict: one column of each, so that the planner leaves none out."""
    at = law_rows.bound(message, _purpose_id(message), AT)
    read = law.columns_read(message, at=AT)
    columns = ["detail_id", "restricted_at", "active_at", "collected_at"]
    what = [f"count(contact.{column})" for column in columns] + ["count(hold.prospect_id)"]
    what += [f"count({column})" for column in COUNTED if any(column in text for text in _texts(read))]
    medium = MEDIUM_OF[Channel(message.channel)]
    return law_rows.select(SQL(", ".join(what)), read, medium=medium, bound=at, only=None, few=False, also={})


# One column of each join.
COUNTED = (
    "permission.given_at",
    "objection.at",
    "further.also_of_id",
    "activity.slug",
    "purchase.at",
    "contract.until",
    "request.at",
    "calls.count",
)


def _texts(read: frozenset[str]) -> list[str]:
    return [text for join in law_rows.joins_for(read) for text in join.columns.values()]


def _launch(measure: Measure) -> None:
    """Launch a campaign, and write the same rows without asking anybody."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bench_allowed")
        verdicts = reach.verdicts_sql(_message(law.Channel.EMAIL), AT)
        cursor.execute(
            SQL(
                "CREATE UNLOGGED TABLE bench_allowed AS SELECT detail_id, 'consent'::text AS ground"
                " FROM ({verdicts}) AS verdict WHERE code < {refusal} ORDER BY detail_id"
            ).format(verdicts=verdicts, refusal=Literal(law.FIRST_REFUSAL_CODE))
        )
        cursor.execute("ANALYZE bench_allowed")
        cursor.execute("SELECT count(*) FROM bench_allowed")
        rows = cursor.fetchone()[0]

        campaign = _campaign()
        measure.reference.append(_seconds(lambda: cursor.execute(_BARE_INSERT, [campaign.pk])))
        _forget(campaign)

        campaign = _campaign()
        measure.ours.append(_seconds(lambda: Message.objects.queue_for(campaign, at=AT)))
        assert Message.objects.filter(campaign=campaign).count() == rows
        _forget(campaign)


def _ask_again() -> list[float]:
    """Ask for as many messages as a worker claims at once: neighbours in the queue, in the order of details."""
    message = _message(law.Channel.EMAIL)
    milliseconds = []
    for _batch in range(BATCHES):
        first = random.randrange(1, mixed_world.PEOPLE)
        queued = ContactDetail.objects.filter(medium="email", pk__gte=first).order_by("pk")
        details = list(queued.values_list("pk", flat=True)[:BATCH])
        only = SQL("detail.id = ANY({})").format(Literal(details))
        start = time.perf_counter()
        _run(reach.verdicts_sql(message, AT, only=only))
        milliseconds.append(1000 * (time.perf_counter() - start))
    return milliseconds


def _explain() -> list[float]:
    message = _message(law.Channel.EMAIL)
    numbers = random.sample(range(1, mixed_world.PEOPLE), EXPLAINED)
    addresses = [f"person-{number}@example.test" for number in numbers]
    return [1000 * _seconds(partial(explain, address, message, at=AT)) for address in addresses]


def _message(channel: law.Channel) -> law.Message:
    return law.Message(channel, "newsletter", frozenset(FAMILIES), frozenset(ACTIVITIES))


def _purpose_id(message: law.Message) -> int:
    return Purpose.objects.get(slug=message.purpose).pk


def _campaign() -> Campaign:
    return Campaign.objects.create(
        name="bench",
        subject="Nouveautés",
        body="Bonjour",
        purpose=Purpose.objects.get(slug="newsletter"),
        families=FAMILIES,
        activities=ACTIVITIES,
        status=Campaign.Status.RUNNING,
        send_at=AT,
    )


def _forget(campaign: Campaign) -> None:
    """Leave the table as it was for the next round."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE campaigns_message CASCADE")
    campaign.delete()


def _run(statement: Composed) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())


def _seconds(act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def _peak_memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _show(counted: reach.Reach) -> None:
    print(f"\nAmong {mixed_world.PEOPLE:,} people, by e-mail:")
    for verdict, outcomes in (("allowed", counted.allowed), ("refused", counted.refused)):
        for outcome, count in outcomes.items():
            print(f"{count:>10,}  {verdict}  {outcome}")


if __name__ == "__main__":
    main()
