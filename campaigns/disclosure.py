"""What a count may tell of few people: marketers see how many, never who (docs/decisions/0023-narrow-audiences.md)."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.translation import gettext as _

from campaigns.models import Campaign


@dataclass(frozen=True, slots=True)
class Discretion:
    """How exactly counts are said: those of everybody as they are, those of a narrowed audience in round numbers."""

    is_narrowed: bool

    @classmethod
    def about(cls, campaign: Campaign) -> "Discretion":
        """How exactly a campaign's counts are said."""
        return cls(bool(campaign.chosen_filter))

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

    def told(self, counts: Mapping[str, int]) -> dict[str, int]:
        """What may be told, without what concerns so few: that there is any would tell as much as how many."""
        return {name: self.rounded(count) for name, count in counts.items() if self.rounded(count)}

    def say(self, count: int) -> str:
        if self.is_narrowed and self.hides(count):
            return _("fewer than %(number)s") % {"number": intcomma(self.smallest)}
        return str(intcomma(self.rounded(count)))


EXACT = Discretion(is_narrowed=False)


def went_to_few(campaign: Campaign) -> bool:
    """Whether a launched campaign went to so few that what came back would tell what one of them did."""
    discretion = Discretion.about(campaign)
    return discretion.is_narrowed and discretion.hides(sum(campaign.audience.get("allowed", {}).values()))
