"""Days, anniversaries and working days. Days are calendar days in Europe/Paris."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from holidays import country_holidays

PARIS_NAME = "Europe/Paris"
PARIS = ZoneInfo(PARIS_NAME)
ONE_DAY = timedelta(days=1)

# Outside these years the public holidays are not known.
FIRST_YEAR, LAST_YEAR = 1950, 2099


def paris_day(moment: datetime) -> date:
    """Return the calendar day in Paris at that moment."""
    return moment.astimezone(PARIS).date()


def start_of_day(day: date) -> datetime:
    """Return the first instant of that day in Paris."""
    return datetime.combine(day, time.min, PARIS).astimezone(UTC)


def anniversary(day: date, years: int) -> date:
    """Return the same day so many years later; 29 February in a common year becomes the 28th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 2, 28)


def first_day_within(years: int, day: date) -> date:
    """Return the earliest day whose anniversary, so many years later, is still to come on `day`."""
    earliest = anniversary(day, -years)
    while anniversary(earliest, years) <= day:
        earliest += ONE_DAY
    return earliest


def last_birthday_of_age(years: int, day: date) -> date:
    """Return the latest birth date of people who are that old on `day`; those born on 29 February wait for 1 March."""
    return anniversary(day, -years)


@lru_cache(maxsize=256)
def public_holidays(year: int) -> frozenset[date]:
    """Return the national public holidays of France in that year, without those of Alsace-Moselle or overseas."""
    return frozenset(country_holidays("FR", years=year))


def is_public_holiday(day: date) -> bool:
    return day in public_holidays(day.year)


def is_working_day(day: date) -> bool:
    """Say whether that is a day from Monday to Friday and no public holiday."""
    return day.weekday() < 5 and not is_public_holiday(day)


def first_day_within_working_days(count: int, day: date) -> date:
    """Return the earliest day from which the `count`-th working day after it is not yet past on `day`."""
    earliest, passed = day, 0
    while True:
        before = earliest - ONE_DAY
        # Moving the start back over `earliest` makes it one of the days that follow the start.
        passed += is_working_day(earliest) and earliest < day
        if passed >= count:
            return earliest
        earliest = before
