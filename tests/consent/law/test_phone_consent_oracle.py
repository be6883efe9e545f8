"""The age of a phone consent against the public package `demarchage-consent`."""

from datetime import UTC, datetime, timedelta

from demarchage_consent import VALIDE, assess_consent
from hypothesis import given
from hypothesis import strategies as st

from consent.law import Channel, Facts, Source, SourceKind, may_contact
from consent.law.days import paris_day
from tests.consent.law.worlds import INDIVIDUAL, consent, message

NAIVE_YEARS = datetime(2026, 8, 11), datetime(2040, 1, 1)  # noqa: DTZ001 - hypothesis adds the time zone
MOMENTS = st.datetimes(*NAIVE_YEARS, timezones=st.just(UTC))
AGES = st.one_of(
    st.timedeltas(timedelta(), timedelta(days=800)),
    st.builds(
        lambda days, rest: timedelta(days=days) + rest,
        st.integers(363, 366),
        st.timedeltas(timedelta(hours=-1), timedelta(hours=1)),
    ),
)


@given(MOMENTS, AGES, st.sampled_from([Channel.PHONE, Channel.AUTOMATED_CALL]))
def test_never_allowed_where_the_oracle_says_expired_and_never_stricter_but_on_day_365(given_at, age, channel):
    at = given_at + age
    known = Facts(INDIVIDUAL, Source(SourceKind.FORM, given_at), (consent(channel, given_at),))
    ours = may_contact(known, message(channel), at=at, with_timing=False).allowed
    theirs = assess_consent(given_at, now=at).status == VALIDE
    if ours != theirs:
        assert theirs
        assert (paris_day(at) - paris_day(given_at)).days == 365
