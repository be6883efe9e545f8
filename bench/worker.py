"""The Celery application, with one safety of sending switched off where BENCH_WITHOUT names it: "law" or "bound".

No setting of Loyal can do this. It shows what each safety costs.
"""

import os
from collections.abc import Mapping
from datetime import datetime

from celery.signals import worker_process_init
from psycopg.sql import SQL, Composable, Composed, Identifier, Literal

from config.celery import app

__all__ = ["app"]

_READERS_ALONE = """
SELECT detail.id AS detail_id, detail.prospect_id, detail.address_key, {code} AS code, {also}
FROM prospects_contactdetail AS detail
JOIN prospects_source AS source ON source.id = detail.source_id
JOIN prospects_prospect AS prospect ON prospect.id = detail.prospect_id
WHERE {only}
"""


@worker_process_init.connect
def switch_off(**_worker: object) -> None:
    """Patch what sends, once Django has loaded it."""
    match os.environ.get("BENCH_WITHOUT"):
        case "law":
            from campaigns.delivery import batch, judge

            vars(judge)["verdicts_sql"] = _everybody
            vars(batch)["_FRESH_SECONDS"] = float("inf")
        case "bound":
            from campaigns.delivery import send

            vars(send)["_BATCH_SECONDS"] = 3


def _everybody(_message: object, _at: datetime, *, only: Composable, also: Mapping[str, Composable]) -> Composed:
    """What a mail needs to know of its readers, and a yes without asking the law."""
    from consent.law import CODES, Ground

    columns = SQL(", ").join(SQL("{} AS {}").format(what, Identifier(name)) for name, what in also.items())
    return SQL(_READERS_ALONE).format(code=Literal(CODES[Ground.CONSENT]), also=columns, only=only)
