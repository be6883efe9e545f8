"""Build .venv from the pinned requirements, with progress, and say in one sentence what prevents it.

Run as a plain script by the Python that is there, before anything is installed:
`python3 config/install.py [--development]`.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - this very line tells an older Python's user
    sys.exit(f"Loyal needs Python 3.11 or newer, and this is {sys.version.split()[0]}: set PYTHON to a newer one.")

import argparse
import hashlib
import json
import os
import platform
import re
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
INSTALLED = VENV / "installed.json"
LOG = VENV / "install.log"
RUN = "requirements.txt"
DEVELOPMENT = "requirements-dev.txt"
# Pure Python published as source alone, which needs no compiler either.
SOURCE_ONLY = ("dkimpy",)
MEGABYTES_NEEDED = {RUN: 600, DEVELOPMENT: 1000}


class Refused(Exception):
    """Loyal cannot be installed here; the message is one sentence for a person."""


def main() -> None:
    parser = argparse.ArgumentParser(description="Build .venv from the pinned requirements.")
    parser.add_argument("--development", action="store_true", help="with what builds and checks Loyal")
    names = [RUN, DEVELOPMENT] if parser.parse_args().development else [RUN]
    try:
        if missing(names):
            check_disk(MEGABYTES_NEEDED[names[-1]])
        make_venv()
        if missing(names):
            install(names)
    except Refused as refusal:
        sys.exit(str(refusal))
    except KeyboardInterrupt:
        sys.exit("\nStopped. The same command goes on where this one ended.")


def check_disk(needed: int) -> None:
    """Refuse to begin what the disk cannot hold."""
    free = shutil.disk_usage(ROOT).free // 1_000_000
    if free < needed:
        raise Refused(f"The disk is nearly full: {free} MB are free under {ROOT}, and installing needs {needed} MB.")


def make_venv() -> None:
    """Make the virtual environment unless a working one is there."""
    works = PYTHON.exists() and not subprocess.run([PYTHON, "-c", "import pip"], capture_output=True).returncode
    if works:
        return
    if find_spec("venv") is None or find_spec("ensurepip") is None:
        raise Refused("Python's venv module is missing: install it, on Debian with “apt-get install python3-venv”.")
    say("Making the virtual environment .venv …")
    done = subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)], capture_output=True, text=True)
    if done.returncode:
        raise Refused(reason(done.stdout + done.stderr))


def missing(names: list[str]) -> list[str]:
    """Give those requirements files that changed since they were installed."""
    installed = json.loads(INSTALLED.read_text()) if INSTALLED.exists() else {}
    return [name for name in names if installed.get(name) != digest(name)]


def digest(name: str) -> str:
    return hashlib.sha256((ROOT / name).read_bytes()).hexdigest()


def install(names: list[str]) -> None:
    """Install the pinned packages, all checked by their hashes, and compile them so that the first start is quick."""
    # Complete pins need no dependency resolution; only ready-made packages need no compiler.
    pip: list[str | Path] = [PYTHON, "-m", "pip", "install", "--no-deps", "--require-hashes", "--only-binary=:all:"]
    pip += [
        f"--no-binary={','.join(SOURCE_ONLY)}",
        "--no-compile",
        "--disable-pip-version-check",
        "--no-input",
        "--progress-bar=off",
    ]
    pip += ["--root-user-action=ignore"]
    pip += [argument for name in names for argument in ("-r", ROOT / name)]
    pip_output = follow(pip, pinned(names))
    if pip_output:
        raise Refused(reason(pip_output))
    say("Compiling …")
    own = [ROOT / name for name in ("config", "consent", "prospects", "campaigns", "staff")]
    subprocess.run([PYTHON, "-m", "compileall", "-q", "-j", "0", VENV / "lib", *own], capture_output=True)
    kept = json.loads(INSTALLED.read_text()) if INSTALLED.exists() else {}
    INSTALLED.write_text(json.dumps(kept | {name: digest(name) for name in names}))


def pinned(names: list[str]) -> int:
    """Count the packages to install, those for other systems aside."""
    lines = {line for name in names for line in (ROOT / name).read_text().splitlines()}
    return sum(bool(re.match(r"[\w.-]+(\[.*\])?==", line)) and "win32" not in line for line in lines)


def follow(command: list[str | Path], total: int) -> str:
    """Run pip, count its packages as they come; give its output where it failed, else nothing."""
    output = []
    count = 0
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        for line in process.stdout or ():
            output.append(line)
            if line.startswith(("Collecting ", "Processing ", "Requirement already satisfied")):
                count += 1
                progress("Downloading", min(count, total - 1), total)
            elif line.startswith("Installing collected packages"):
                progress("Downloading", total, total)
                say("Unpacking …")
    except KeyboardInterrupt:
        process.terminate()
        raise
    finally:
        process.wait()
    LOG.write_text("".join(output))
    return "".join(output) if process.returncode else ""


def progress(doing: str, count: int, total: int) -> None:
    """Show how far it is: one line that moves on a terminal, a line every tenth elsewhere."""
    width = 30
    if sys.stdout.isatty():
        bar = "█" * (width * count // total)
        sys.stdout.write(f"\r{doing} {bar:·<{width}} {count}/{total} ")
        if count == total:
            sys.stdout.write("\n")
        sys.stdout.flush()
    elif count == total or count % max(total // 10, 1) == 0:
        say(f"{doing} {count}/{total}")


def say(what: str) -> None:
    sys.stdout.write(f"{what}\n")
    sys.stdout.flush()


def reason(output: str) -> str:
    """Say in one sentence why an installation failed, from its output."""
    if "No space left on device" in output:
        return f"The disk is full: free some space under {ROOT} and start again."
    if "DO NOT MATCH THE HASHES" in output:
        return f"A downloaded package is not the one that Loyal was tested with, so nothing was installed: see {LOG}."
    network = ("name resolution", "Failed to establish a new connection", "Read timed out", "Max retries", "SSLError")
    if any(sign in output for sign in network):
        return "The packages could not be downloaded: check the network, or pip's proxy and index settings."
    wheel = re.search(r"No matching distribution found for ([\w.-]+)", output)
    if wheel:
        system = f"{platform.system()} {platform.machine()}, Python {platform.python_version()}"
        return (
            f"There is no ready-made package of {wheel[1]} for this system ({system}): "
            "Loyal runs on Linux with glibc (x86-64, aarch64) and on macOS."
        )
    errors = re.findall(r"(?:ERROR|Error): (.+)", output)
    return f"The installation failed: {errors[-1] if errors else 'it said nothing'} (see {LOG})."


if __name__ == "__main__":
    os.chdir(ROOT)
    main()
