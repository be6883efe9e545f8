"""Postfix's own load programs, smtp-sink and smtp-source, run without installing Postfix."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

HOW_TO_GET = """smtp-sink and smtp-source are not here. They come with Postfix; on Debian, without its daemon:
    mkdir -p {folder} && cd {folder} && apt-get download postfix && dpkg -x postfix_*.deb ."""


def program(name: str) -> list[str]:
    """The command that runs one of the two programs; says how to get them, and ends, where they are not here."""
    if found := shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin"):
        return [found]
    folder = settings.VAR_DIR / "postfix"
    if not (folder / "usr/sbin" / name).exists() and shutil.which("apt-get") and shutil.which("dpkg"):
        _unpack(folder)
    if not (folder / "usr/sbin" / name).exists():
        sys.exit(HOW_TO_GET.format(folder=folder))
    libraries = folder / "usr/lib/postfix"
    return ["env", f"LD_LIBRARY_PATH={libraries}", str(folder / "usr/sbin" / name)]


def _unpack(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(["apt-get", "download", "postfix"], cwd=folder, check=False, capture_output=True)
    for package in folder.glob("postfix_*.deb"):
        subprocess.run(["dpkg", "-x", package, folder], check=True)


@contextmanager
def sink(*options: str) -> Iterator[int]:
    """Run smtp-sink, which accepts every mail and keeps none; gives its port."""
    port = free_port()
    account = ["-u", "nobody"] if os.geteuid() == 0 else []
    process = subprocess.Popen([*program("smtp-sink"), *account, *options, f"127.0.0.1:{port}", "1000"])
    try:
        _wait_for(port)
        yield port
    finally:
        process.terminate()
        process.wait()


def free_port() -> int:
    """Give a port on which nothing listens."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port: int = door.getsockname()[1]
        return port


def _wait_for(port: int) -> None:
    for _attempt in range(100):
        with socket.socket() as door:
            if door.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    sys.exit(f"smtp-sink does not listen on port {port}.")
