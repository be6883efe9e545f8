"""The public test messages of flufl.bounce, with what each says, fetched once from PyPI's source archive."""

import ast
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import NamedTuple

VERSION = "6.0.0"


class Sample(NamedTuple):
    """One bounce and the addresses that it is about."""

    name: str
    data: bytes
    addresses: frozenset[str]
    temporary: bool


def corpus(folder: Path) -> list[Sample]:
    """Fetch the archive where it is not there yet, and read its samples. Raises OSError where it cannot be had."""
    archive = folder / f"flufl_bounce-{VERSION}.tar.gz"
    if not archive.exists():
        folder.mkdir(parents=True, exist_ok=True)
        command = [
            sys.executable,
            "-m",
            "pip",
            "download",
            "-q",
            "--no-deps",
            "--no-binary",
            ":all:",
            "-d",
            str(folder),
        ]
        done = subprocess.run([*command, f"flufl.bounce=={VERSION}"], capture_output=True, text=True, check=False)
        if not archive.exists():
            raise OSError(done.stderr.strip()[-300:])
    with tarfile.open(archive) as opened:
        members = {Path(member.name).name: member for member in opened.getmembers() if member.isfile()}

        def read(name: str) -> bytes:
            found = opened.extractfile(members[name])
            assert found is not None
            return found.read()

        tree = ast.parse(read("test_detectors.py"))
        [table] = [
            ast.literal_eval(node.value)
            for node in tree.body
            if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "DETECTORS"
        ]
        return [
            Sample(name, read(name), frozenset(address.decode().lower() for address in addresses), temporary)
            for _detector, name, addresses, temporary in table
            if addresses
        ]
