"""What a count may tell of few people: marketers see how many, never who (docs/decisions/0023-narrow-audiences.md)."""

from dataclasses import dataclass

from django.conf import settings
from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.translation import gettext as _


@dataclass(frozen=True, slots=True)
class Discretion:
    """How exactly counts are said: those of everybody as they are, those of a narrowed audience in round numbers."""

    is_narrowed: bool

    @property
    def smallest(self) -> int:
        smallest: int = settings.AUDIENCE_SMALLEST_COUNT
        return smallest if self.is_narrowed else 1

    def hides(self, count: int) -> bool:
        """Whether so few people are not told apart from nobody."""
        return count < self.smallest

    def rounded(self, count: int) -> int:
        """The number that may be shown: so rounded that two audiences which differ by one person look alike."""
        return count - count % self.smallest

    def say(self, count: int) -> str:
        if self.is_narrowed and self.hides(count):
            return _("fewer than %(number)s") % {"number": intcomma(self.smallest)}
        return str(intcomma(self.rounded(count)))
