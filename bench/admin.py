"""How long the admin takes to show the first page of a hundred thousand prospects, searched in every way staff do.

Whole requests, database and templates included, beside Django's stock list with its `icontains` search.
BENCH_PROSPECTS, BENCH_REQUESTS and BENCH_ROUNDS change the size: 100,000, 40 of each kind, and 3.
"""

import os
import random
import statistics
import time

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.admin_settings")

import django

django.setup()

from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection
from django.test import Client

from bench.admin_world import people
from bench.measures import Measure, report
from prospects.models import ContactDetail, Prospect

PROSPECTS = int(os.environ.get("BENCH_PROSPECTS", "100_000"))
REQUESTS = int(os.environ.get("BENCH_REQUESTS", "40"))
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "3"))
GOAL = 300
OURS, STOCK = "/admin/prospects/prospect/", "/stock/prospects/prospect/"


def main() -> None:
    call_command("migrate", verbosity=0)
    people(PROSPECTS)
    client = Client()
    client.force_login(User.objects.get_or_create(username="bench", is_staff=True, is_superuser=True)[0])
    for page in (OURS, STOCK):
        client.get(page)  # templates are compiled once

    searches = typed_by_staff()
    kinds = {name: Measure(name, "ms, 95th percentile", "stock", goal=GOAL, at_most=True) for name in searches}
    overall = Measure("any of them", "ms, 95th percentile", "stock", goal=GOAL, at_most=True)
    for _round in range(ROUNDS):
        all_ours, all_stock = [], []
        for name, typed in searches.items():
            ours, stock = interleaved(client, typed)
            kinds[name].ours.append(percentile_95(ours))
            kinds[name].reference.append(percentile_95(stock))
            all_ours += ours
            all_stock += stock
        overall.ours.append(percentile_95(all_ours))
        overall.reference.append(percentile_95(all_stock))
    report("admin", [*kinds.values(), overall])


def typed_by_staff() -> dict[str, list[str]]:
    """Give, for each kind of search, what is typed: always the same people, drawn from all of them."""
    dice = random.Random("the same every time")
    drawn = dice.sample(range(1, PROSPECTS + 1), k=REQUESTS)
    found = Prospect.objects.in_bulk(drawn)
    addresses = dict(
        ContactDetail.objects.filter(prospect__in=drawn, medium="email").values_list("prospect", "address")
    )
    chosen = [found[number] for number in drawn]
    return {
        "the list, nothing typed": [""] * REQUESTS,
        "two letters of a name": [person.last_name[:2] for person in chosen],
        "the beginning of a name": [person.last_name[:4].upper() for person in chosen],
        "first and last name": [f"{person.first_name} {person.last_name}" for person in chosen],
        "a whole address": [addresses[number].upper() for number in drawn],
        "the beginning of an address": [addresses[number][:12] for number in drawn],
        "a number shown in logs": [f"№ {number}" for number in drawn],
        "nobody": [f"personne{number}" for number in drawn],
    }


def interleaved(client: Client, typed: list[str]) -> tuple[list[float], list[float]]:
    """Time each search on ours and on the stock list, in turn."""
    ours, stock = [], []
    for query in typed:
        ours.append(milliseconds(client, OURS, query))
        stock.append(milliseconds(client, STOCK, query))
    return ours, stock


def milliseconds(client: Client, page: str, query: str) -> float:
    began = time.perf_counter()
    answer = client.get(page, {"q": query} if query else {})
    taken = (time.perf_counter() - began) * 1_000
    assert answer.status_code == 200, (page, query, answer.status_code)
    return taken


def percentile_95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


if __name__ == "__main__":
    main()
    connection.close()
