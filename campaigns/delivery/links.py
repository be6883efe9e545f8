"""The links of a campaign that counts clicks: each leads by us, and names its reader only where the reader agreed."""

import html
import re
from collections.abc import Mapping
from datetime import datetime

from django.conf import settings
from psycopg.sql import SQL, Composable, Literal

from campaigns.models import Campaign, Link
from campaigns.models.link import LONGEST_ADDRESS
from consent import law
from consent.law import CODES, Ground
from prospects.reach import verdicts_sql

TRACKING = "tracking"  # the short name of the purpose to which people agree, or do not
_HREF = re.compile(r'(<a\b[^>]*?\bhref=")(https?://[^"]+)(")')


def addresses_in(body: str) -> list[str]:
    """The addresses of sites to which a clean HTML body leads."""
    found = dict.fromkeys(html.unescape(match[2]) for match in _HREF.finditer(body))
    return [address for address in found if len(address.encode()) <= LONGEST_ADDRESS]


def keep_links(campaign: Campaign, addresses: list[str]) -> None:
    """Give each address of a campaign its one token, whichever worker asks first."""
    Link.objects.bulk_create([Link(campaign=campaign, url=address) for address in addresses], ignore_conflicts=True)


def tokens_of(campaign: Campaign) -> dict[str, str]:
    """The tokens by which a campaign's addresses are reached; none before it began to leave."""
    if campaign.pk is None or not campaign.count_clicks:
        return {}
    return dict(Link.objects.filter(campaign=campaign).values_list("url", "token"))


def by_us(body: str, tokens: Mapping[str, str], visit: str) -> str:
    """Let the links of a body lead by us; what stands for `visit` says who follows one, or nothing."""

    def redirected(match: re.Match[str]) -> str:
        token = tokens.get(html.unescape(match[2]))
        return f"{match[1]}{settings.SITE_URL}/l/{token}{visit}/{match[3]}" if token else match[0]

    return _HREF.sub(redirected, body)


def tracked_sql(at: datetime, *, only: Composable) -> Composable:
    """Return a SELECT of the detail_id of everybody whose consent to tracking stands."""
    message = law.Message(channel=law.Channel.EMAIL, purpose=TRACKING)
    return SQL("SELECT detail_id FROM ({verdicts}) AS tracking WHERE code = {consent}").format(
        verdicts=verdicts_sql(message, at, only=only), consent=Literal(CODES[Ground.CONSENT])
    )
