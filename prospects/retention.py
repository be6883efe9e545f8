"""Forgetting: whoever was silent for three years, whoever nobody may keep, and whoever asks for it."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from consent.acts import lock
from consent.lapse import lapse
from consent.law.days import first_day_within, paris_day, start_of_day
from consent.models import Act
from consent.proofs import FIRST, Place, erase_proofs
from prospects.due import Cause, Detail, Terms, judge, pages
from prospects.imports.uploads import erase_uploads_of_the_erased
from prospects.models import ContactDetail, MergedRecord, PendingSignup, Prospect, PurgeRun
from prospects.traces import erase_traces

# Small enough that nobody who wants to stop, or to sign up, waits for long.
BATCH = 1_000

# What a crash takes back, the next run erases. The last commit of a run waits for the disk, and so for all before it.
_WAIT_FOR_NO_DISK = "SET LOCAL synchronous_commit TO off"
# Nobody of them acts while they are judged and erased; whoever is acting just now waits for the next run.
_KEYS = "SELECT DISTINCT address_key FROM prospects_contactdetail WHERE prospect_id = ANY(%s)"
_HOLD_STILL = "SELECT id FROM prospects_prospect WHERE id = ANY(%s) ORDER BY id FOR UPDATE SKIP LOCKED"

Progress = Callable[[int], object]


def _nothing(_rows: int) -> None:
    """Show no progress."""


class Held(ValueError):
    """A legal hold freezes this person: nothing of theirs may be erased before it ends."""


def erase_silent_prospects(at: datetime, *, now: datetime | None = None, progress: Progress = _nothing) -> PurgeRun:
    """Erase, as of `at`, what must not be kept any longer, and leave a row in the register of purges.

    Batch by batch, each a transaction: killed, it goes on where it was; run twice, or by two at once, it erases once.
    A detail expires by its own clock, and a person with the last of their details. Acts and objections stay under the
    address key, every permission lapsed; campaigns keep their totals.
    """
    terms = Terms.of(at, now=now)
    run = PurgeRun.objects.create(started_at=timezone.now(), silent_before=terms.silent_before)
    for page in pages(terms, size=BATCH):
        _erase_due(page.people, terms, run)
        progress(len(page.rows))
    _erase_old_proofs(at, run)
    return _finished(run)


def erase_person(prospect: Prospect, at: datetime) -> PurgeRun:
    """Erase one person who asks for it, in the same way. Raises Held under a legal hold.

    Of a record that was merged into another meanwhile, it is the other that is this person.
    """
    with transaction.atomic():
        keys = list(prospect.details.values_list("address_key", flat=True))
        lock(keys)
        if not Prospect.objects.select_for_update().filter(pk=prospect.pk).first():
            merged = MergedRecord.objects.select_related("prospect").filter(pk=prospect.pk).first()
            if merged is None:
                raise Prospect.DoesNotExist
            return erase_person(merged.prospect, at)
        if prospect.holds.filter(forbids_erasure=True, starts_at__lte=at, ends_at__gt=at).exists():
            raise Held
        run = PurgeRun.objects.create(started_at=timezone.now(), silent_before=at)
        PendingSignup.objects.filter(address_key__in=keys).delete()
        asked_for = [replace(detail, cause=Cause.ASKED_FOR) for detail in judge([prospect.pk], Terms.of(at))]
        _erase([prospect.pk], asked_for, run, at=at, origin=Act.Origin.ERASURE)
    return _finished(run)


def count_due(at: datetime, *, now: datetime | None = None, progress: Progress = _nothing) -> Counter[str]:
    """Count what a purge would erase, and erase nothing: contact details, by cause."""
    terms = Terms.of(at, now=now)
    counts: Counter[str] = Counter()
    for page in pages(terms, size=BATCH):
        for detail in judge(page.people, terms):
            # A row is on one page, and a detail has one cause: each is counted once.
            row = detail.pk if page.search.table == ContactDetail._meta.db_table else detail.source_id
            if detail.cause == page.search.cause and row in page.rows:
                counts[detail.cause] += 1
        progress(len(page.rows))
    return counts


def _erase_due(people: list[int], terms: Terms, run: PurgeRun) -> None:
    """Erase what is due of these people, judged again once nobody else can change it."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_WAIT_FOR_NO_DISK)
            cursor.execute(_KEYS, [people])
            lock([key for (key,) in cursor.fetchall()])
            cursor.execute(_HOLD_STILL, [people])
            details = judge([pk for (pk,) in cursor.fetchall()], terms)
        due = [detail for detail in details if detail.cause is not None]
        if due:
            kept = {detail.prospect_id for detail in details if detail.cause is None}
            gone = sorted({detail.prospect_id for detail in due} - kept)
            _erase(gone, due, run, at=terms.at, origin=Act.Origin.RETENTION)


def _erase(gone: Sequence[int], due: Sequence[Detail], run: PurgeRun, *, at: datetime, origin: Act.Origin) -> None:
    """Erase these people, and of others these details, with all that hangs on them. The caller holds the locks."""
    lapsed = lapse(_keys_of_nobody_else(due), at=at, origin=origin)
    people = set(gone)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM prospects_prospect WHERE id = ANY(%s)", [list(gone)])
        sources = [detail.source_id for detail in due if detail.prospect_id not in people]
        cursor.execute("DELETE FROM prospects_source WHERE id = ANY(%s)", [sources])
    erase_traces({detail.address for detail in due})

    causes = Counter(str(detail.cause) for detail in due)
    run.figures = dict(Counter(run.figures) + causes)
    PurgeRun.objects.filter(pk=run.pk).update(
        erased_prospects=F("erased_prospects") + len(gone),
        erased_details=F("erased_details") + len(due),
        lapsed_permissions=F("lapsed_permissions") + lapsed,
        figures=run.figures,
    )


def _keys_of_nobody_else(due: Sequence[Detail]) -> dict[UUID, int]:
    """The keys of these details, with key ids, without those that somebody else has: a shared address lives on."""
    keys = {detail.address_key: detail.key_id for detail in due}
    shared = {detail.address_key for detail in due if detail.is_shared}
    if shared:
        others = ContactDetail.objects.filter(address_key__in=shared).exclude(pk__in=[detail.pk for detail in due])
        for key in others.values_list("address_key", flat=True):
            keys.pop(key, None)
    return keys


def _erase_old_proofs(at: datetime, run: PurgeRun) -> None:
    before = start_of_day(first_day_within(settings.PROOF_RETENTION_YEARS, paris_day(at)))
    after: Place | None = FIRST
    while after is not None:
        erased, after = erase_proofs(before=before, run=run.pk, after=after, limit=BATCH)
        PurgeRun.objects.filter(pk=run.pk).update(erased_proofs=F("erased_proofs") + erased)


def _finished(run: PurgeRun) -> PurgeRun:
    erase_uploads_of_the_erased()
    PurgeRun.objects.filter(pk=run.pk).update(finished_at=timezone.now())
    run.refresh_from_db()
    return run
