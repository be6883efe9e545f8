"""Where the embedded servers keep their data, their sockets, their logs and their locks."""

import hashlib
import os
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from config.embedded.account import ANYBODY, Account, closed_folder
from config.embedded.failure import EmbeddedServiceError

# A socket's path may have 103 characters on macOS, 107 on Linux.
LONGEST_SOCKET_PATH = 100
POSTGRESQL_SOCKET_NAME = ".s.PGSQL.5432"


@dataclass(frozen=True)
class Places:
    """The paths of one installation's embedded servers, all following from its state folder."""

    var_dir: Path

    @property
    def postgresql_data(self) -> Path:
        return self.var_dir / "postgresql"

    @property
    def valkey_data(self) -> Path:
        return self.var_dir / "valkey"

    @property
    def locks(self) -> Path:
        return self.var_dir / "run"

    @property
    def logs(self) -> Path:
        return self.var_dir / "log"

    @property
    def sockets(self) -> Path:
        """The sockets' folder: in the state folder, or in a short one of its own where that lies too deep."""
        folder = self.var_dir / "run" / "sockets"
        if len(str(folder / POSTGRESQL_SOCKET_NAME)) <= LONGEST_SOCKET_PATH:
            return folder
        digest = hashlib.sha256(str(self.var_dir).encode()).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"loyal-{os.getuid()}-{digest}"

    @property
    def valkey_socket(self) -> Path:
        return self.sockets / "valkey.sock"

    def fresh_log(self, server: str) -> Path:
        """Give a server's log, begun anew at each start; the one before is kept."""
        log = self.logs / f"{server}.log"
        if log.exists():
            log.replace(log.with_suffix(".log.before"))
        return log

    def prepare(self, account: Account | None) -> None:
        """Make the folders, the servers' own ones for their account alone."""
        make_state_folder(self.var_dir)
        for folder, mode in ((self.locks, 0o711), (self.logs, 0o700)):
            folder.mkdir(exist_ok=True)
            folder.chmod(mode)
        for folder in (self.valkey_data, self.sockets):
            folder.mkdir(exist_ok=True)
            give(folder, account)


def make_state_folder(var_dir: Path) -> Path:
    """Make the state folder if need be, closed to others, who may pass through it where they run the servers."""
    if not var_dir.exists():
        var_dir.mkdir(parents=True, exist_ok=True)
        var_dir.chmod(0o711 if os.geteuid() == 0 else 0o700)
    return var_dir


def give(folder: Path, account: Account | None) -> None:
    """Let one account alone use a folder; refuse one that somebody else laid there first."""
    owner = account.uid if account else os.geteuid()
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {owner, os.geteuid()}:
        raise EmbeddedServiceError(f"{folder} belongs to somebody else: remove it, or set LOYAL_VAR to another folder.")
    if account:
        os.chown(folder, account.uid, account.gid)
    folder.chmod(0o700)


def reachable_folder(var_dir: Path) -> Path:
    """Give a folder whose content may be lost, or a temporary one in its stead where only root may enter it."""
    existing = next(folder for folder in (var_dir, *var_dir.parents) if folder.exists())
    if os.geteuid() != 0 or closed_folder(existing / "within", ANYBODY) is None:
        return var_dir
    digest = hashlib.sha256(str(var_dir).encode()).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"loyal-test-{digest}"
