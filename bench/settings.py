"""The measurements: the settings of a local machine, with services and state of their own in var/bench."""

import os
from pathlib import Path

os.environ.setdefault("LOYAL_VAR", str(Path(__file__).resolve().parents[1] / "var" / "bench"))

from config.settings.local import *  # noqa: F403
