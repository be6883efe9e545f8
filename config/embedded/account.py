"""The system account that runs the embedded servers when root starts them: PostgreSQL refuses to run as root."""

import os
import pwd
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from config.embedded.failure import EmbeddedServiceError

NAME = "loyal"


@dataclass(frozen=True)
class Account:
    """A system user and its group."""

    uid: int
    gid: int

    def may_enter(self, folder: Path) -> bool:
        """Say whether this account may pass through a folder, by its mode."""
        found = folder.stat()
        if found.st_uid == self.uid:
            return bool(found.st_mode & stat.S_IXUSR)
        if found.st_gid == self.gid:
            return bool(found.st_mode & stat.S_IXGRP)
        return bool(found.st_mode & stat.S_IXOTH)


# Owns nothing, belongs to no group.
ANYBODY = Account(-1, -1)


def server_account() -> Account | None:
    """Give the account that must run the servers, made if need be; None where whoever starts them may run them."""
    if os.geteuid() != 0:
        return None
    try:
        found = pwd.getpwnam(NAME)
    except KeyError:
        found = _make_account()
    return Account(found.pw_uid, found.pw_gid)


def _make_account() -> pwd.struct_passwd:
    command = ["useradd", "--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", NAME]
    try:
        subprocess.run(command, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise EmbeddedServiceError(
            f"PostgreSQL refuses to run as root and no system user “{NAME}” could be made for it: "
            "start Loyal as an ordinary user."
        ) from error
    return pwd.getpwnam(NAME)


def as_account(account: Account | None) -> dict[str, Any]:
    """Give the subprocess arguments that run a program as an account."""
    return {"user": account.uid, "group": account.gid, "extra_groups": []} if account else {}


def closed_folder(path: Path, account: Account | None) -> Path | None:
    """Give the first folder on the way to a path that the account may not enter, if any."""
    if account is None:
        return None
    return next((folder for folder in reversed(path.parents) if not account.may_enter(folder)), None)
