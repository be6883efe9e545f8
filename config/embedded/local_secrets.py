"""The secrets of a local installation, made once and kept in its state folder."""

import json
import os
import secrets
import tempfile
from pathlib import Path

from config.embedded.places import make_state_folder

NAMES = ("SECRET_KEY", "ADDRESS_KEY_SECRET", "STOP_LINK_SECRET")

# Production refuses every secret that begins so.
LOCAL_PREFIX = "local-only-"


def local_secrets(var_dir: Path) -> dict[str, str]:
    """Give this installation's secrets, made by whichever process asks first."""
    made = {name: LOCAL_PREFIX + secrets.token_urlsafe(48) for name in NAMES}
    return keep_once(make_state_folder(var_dir) / "secrets.json", made)


def keep_once(path: Path, content: dict[str, str]) -> dict[str, str]:
    """Write a private file unless it exists, whole or not at all; give what the file holds."""
    if not path.exists():
        # mkstemp makes it readable by its owner alone; the link fails where another process was first.
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)
        try:
            with os.fdopen(handle, "w") as file:
                json.dump(content, file, indent=2)
            os.link(name, path)
        except FileExistsError:
            pass
        finally:
            os.unlink(name)
    kept: dict[str, str] = json.loads(path.read_text())
    return kept
