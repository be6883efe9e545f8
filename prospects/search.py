"""Finding a person again by what staff remember: a name or its beginning, an address or its beginning, a number.

Accents and case make no difference. Nothing here reads a whole table: names have a full-text index of their word
beginnings, addresses one of their own beginnings, and every list of candidates is cut.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchVectorField
from django.db.models import Func, Q, QuerySet

from consent.address_keys import keys_of_typed
from consent.vocabulary import Medium
from prospects.models import ContactDetail, MergedRecord, Prospect

# As many as a list in the admin counts: whoever finds so many types more.
CANDIDATES = 500

_NUMBER = re.compile(r"[№#]\s*(\d{1,18})")
_DIGITS = re.compile(r"(\+|0)[\d\s.()/-]{3,}")
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae"})


class Names(Func):
    """The words of a prospect's names, as the index has them."""

    function = "prospects_names"
    output_field = SearchVectorField()


def find(typed: str, among: QuerySet[Prospect]) -> QuerySet[Prospect]:
    """Keep, among these prospects, those whom staff may mean by what they typed."""
    if number := _NUMBER.fullmatch(typed.strip()):
        return among.filter(Q(pk=int(number[1])) | Q(pk__in=_merged_into(int(number[1]))))
    first, *others = _candidates(typed.strip())
    # Looked up first: given a subquery, the planner may rather read the whole table in the list's order.
    return among.filter(pk__in=list(first.union(*others)))


def _merged_into(number: int) -> list[int]:
    """The record into which the one of this number was merged, if it was."""
    return list(MergedRecord.objects.filter(pk=number).values_list("prospect_id", flat=True))


def _candidates(typed: str) -> Iterator[QuerySet[Any, Any]]:
    """Look everywhere that this text may belong; each answer is a list of prospects' primary keys."""
    details = ContactDetail.objects.values_list("prospect_id", flat=True)
    yield details.filter(address_key__in=keys_of_typed(typed))[:CANDIDATES]
    if _DIGITS.fullmatch(typed):
        yield details.filter(medium=Medium.PHONE, address__startswith=_international(typed))[:CANDIDATES]
    elif typed and " " not in typed:
        yield details.filter(medium=Medium.EMAIL, address__startswith=typed.lower())[:CANDIDATES]
    if words := _words(typed):
        beginnings = SearchQuery(" & ".join(f"{word}:*" for word in words), search_type="raw", config="simple")
        named = Prospect.objects.annotate(names=Names("first_name", "last_name", "company")).filter(names=beginnings)
        yield named.values_list("pk", flat=True)[:CANDIDATES]


def _words(typed: str) -> list[str]:
    """Split into words as `prospects_names` does: no case, accents or punctuation."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", typed.lower()) if not unicodedata.combining(c))
    return re.findall(r"[^\W_]+", plain.translate(_LIGATURES))


def _international(typed: str) -> str:
    digits = re.sub(r"[^\d+]", "", typed)
    return f"+33{digits[1:]}" if digits.startswith("0") else digits
