"""Production's settings on the embedded services of the measurements: every protection on, limits raised as documented.

The one client of a measurement would meet at once the limits that keep one visitor from flooding. They are raised by
the variables that an installation would set, and counted all the same.
"""

import os
from pathlib import Path

os.environ.setdefault("LOYAL_VAR", str(Path(__file__).resolve().parents[1] / "var" / "bench"))

from bench.load import secret
from config import embedded

PORT = int(os.environ.get("PORT", "8790"))
_services = embedded.services(Path(os.environ["LOYAL_VAR"]))
_limits = ("SIGNUPS_PER_HOUR", "UNPROVEN_SIGNUPS_PER_HOUR", "CHALLENGES_PER_HOUR")
os.environ.update(
    DATABASE_URL=_services.database_url.replace("@/loyal?", f"@/{os.environ.get('BENCH_DATABASE', 'mixed_copy')}?"),
    REDIS_URL=f"unix://{_services.places.valkey_socket}",
    EMAIL_URL="smtp://localhost:25",
    SITE_URL=f"http://127.0.0.1:{PORT}",
    ALLOWED_HOSTS="127.0.0.1",
    SECRET_KEY=secret("SECRET_KEY"),
    ADDRESS_KEY_SECRET=secret("ADDRESS_KEY_SECRET"),
    STOP_LINK_SECRET=secret("STOP_LINK_SECRET"),
    LOG_LEVEL="WARNING",
    **dict.fromkeys(_limits, "1000000000"),
)

from config.settings.production import *  # noqa: F403
