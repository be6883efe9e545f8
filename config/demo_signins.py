"""Who may sign in to a demonstration: passwords drawn at the first run, kept in the state folder."""

import secrets
from pathlib import Path

from config.embedded.local_secrets import keep_once
from config.embedded.places import make_state_folder

USERS = ("admin", "marketing", "dpo", "operator")


def demo_signins(var_dir: Path) -> dict[str, str]:
    """Give each demo user's password: `admin`, a superuser, and one user of each of three roles."""
    drawn = {user: secrets.token_urlsafe(12) for user in USERS}
    return keep_once(make_state_folder(var_dir) / "demo-signins.json", drawn)
