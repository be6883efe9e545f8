"""A demonstration: a garden shop that does not exist, its forms, two hundred people and their history."""

import random
from datetime import datetime, timedelta

from django.db import transaction

from campaigns.demo.letters import write_letters
from campaigns.demo.lists import bring_and_take_lists
from campaigns.demo.people import Neighbourhood
from campaigns.demo.shop import open_shop
from consent.models import Organisation

OPENED = timedelta(days=1200)


@transaction.atomic
def load_demonstration(*, at: datetime) -> bool:
    """Fill an empty installation; False, and nothing done, where somebody has set one up already."""
    if Organisation.objects.exists():
        return False
    shop = open_shop(at=at - OPENED)
    Neighbourhood(shop, at, random.Random("the same people every time")).settle()  # noqa: S311
    bring_and_take_lists(at=at)
    write_letters(shop, at=at)
    return True
