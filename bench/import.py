"""How fast a file comes in: names, e-mail addresses, phone numbers, every table and the report; beside a bare COPY.

Each round imports a million rows with phone numbers, imports the same file again, imports them without phone numbers,
and copies the same rows into one plain table. BENCH_ROWS and BENCH_ROUNDS change the size: 1,000,000 and 3.
"""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.settings")

import django

django.setup()

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from bench.measures import Measure, report
from prospects.models import ContactDetail, ImportRow, Prospect, Source

ROWS = int(os.environ.get("BENCH_ROWS", "1_000_000"))
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "3"))
MEGABYTES_AT_MOST = 250


def main() -> None:
    call_command("migrate", verbosity=0)
    with_phones, without = write(phones=True), write(phones=False)
    speed = Measure("rows with phone numbers", "rows/s", goal=10_000)
    plain = Measure("rows without phone numbers", "rows/s", goal=20_000)
    beside = Measure("rows with phone numbers, beside COPY", "rows/s", "bare COPY of the same rows")
    again = Measure("the same file again", "rows/s", "its first import", goal=1)
    memory = Measure("memory of the importing process", "MB", goal=MEGABYTES_AT_MOST, at_most=True)
    growth = Measure("memory that a longer file adds", "MB, last rows beside first tenth", goal=25, at_most=True)
    for number in range(ROUNDS):
        empty()
        copied = bare_copy(with_phones)
        first, megabytes, grown = bring_in(with_phones)
        known = figures()
        second, _megabytes, _grown = bring_in(with_phones)
        if figures() != known:
            sys.exit("the second import changed something")
        empty()
        bare, _megabytes, _grown = bring_in(without)
        print(
            f"round {number + 1}: {first:,.0f} rows/s with phones, {second:,.0f} again, {bare:,.0f} without,"
            f" bare COPY {copied:,.0f}; {megabytes:.0f} MB; load average {os.getloadavg()[0]:.1f}",
            flush=True,
        )
        speed.ours.append(first)
        beside.ours.append(first)
        beside.reference.append(copied)
        again.ours.append(second)
        again.reference.append(first)
        plain.ours.append(bare)
        memory.ours.append(megabytes)
        growth.ours.append(grown)
    empty()
    report("import", [speed, plain, beside, again, memory, growth])


def write(*, phones: bool) -> Path:
    """A file of people, as a shop's program would export it: every address its own, three thousand domains."""
    path = Path(settings.VAR_DIR) / f"people-{ROWS}{'-phones' if phones else ''}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(f"email;prénom;nom;{'téléphone;' if phones else ''}collecté le\r\n")
        for number in range(ROWS):
            cells = [f"Personne.{number}@domaine-{number % 3_000}.example.test"]
            cells += [f"Camille-{number % 977}", f"Martin{number % 9_973}"]
            if phones:
                pairs = (number // 1_000_000, number // 10_000 % 100, number // 100 % 100, number % 100)
                cells.append("06 " + " ".join(f"{pair:02d}" for pair in pairs))
            cells.append(f"{number % 28 + 1:02d}/{number % 9 + 1:02d}/2026")
            file.write(";".join(cells) + "\r\n")
    return path


def bring_in(path: Path) -> tuple[float, float, float]:
    """Import a file by the command; give rows a second, the most memory in MB, and how much it grew underway."""
    command = [sys.executable, "manage.py", "import_contacts", str(path), "--source", "paper", "--collected-by", "Shop"]
    process = subprocess.Popen([*command, "--json"], cwd=settings.BASE_DIR, stdout=subprocess.PIPE, text=True)
    began, samples = time.monotonic(), []
    while process.poll() is None:
        samples.append(resident(process.pid))
        time.sleep(0.2)
    seconds = time.monotonic() - began
    output, _errors = process.communicate()
    if process.returncode:
        sys.exit(f"the import ended with {process.returncode}")
    told = json.loads(output)
    if sum(told["outcomes"].values()) != ROWS:
        sys.exit(f"only {told['outcomes']} of {ROWS:,} rows are in the report")
    samples = [sample for sample in samples if sample]
    early = max(samples[: max(1, len(samples) // 10)])
    print(f"  {told['outcomes']}, {seconds:.1f} s with the start of Python", flush=True)
    return told["rows_per_second"], max(samples), max(samples) - early


def bare_copy(path: Path) -> float:
    """PostgreSQL's own way in, to one table without index or key."""
    with connection.cursor() as cursor, path.open("rb") as file:
        cursor.execute("DROP TABLE IF EXISTS bench_copy")
        cursor.execute("CREATE TABLE bench_copy (email text, first_name text, last_name text, phone text, day text)")
        began = time.perf_counter()
        with cursor.copy("COPY bench_copy FROM STDIN (FORMAT csv, DELIMITER ';', HEADER)") as copy:
            while block := file.read(1 << 16):
                copy.write(block)
        seconds = time.perf_counter() - began
        cursor.execute("DROP TABLE bench_copy")
    return ROWS / seconds


def resident(pid: int) -> float:
    """The memory, in MB, that a process holds; 0 once it has gone."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (OSError, IndexError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE") / (1 << 20)


def figures() -> list[int]:
    """What an import could have added to."""
    return [model.objects.count() for model in (Prospect, ContactDetail, Source)]


def empty() -> None:
    """Back to nobody."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE prospects_prospect, prospects_import RESTART IDENTITY CASCADE")
        cursor.execute(f"TRUNCATE {ImportRow._meta.db_table}")
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("CHECKPOINT")


if __name__ == "__main__":
    main()
