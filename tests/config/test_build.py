"""What the build server calls, and what the tests say where there is no browser."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from tests.conftest import CHROMIUMS

ROOT = Path(settings.BASE_DIR)


@pytest.fixture
def programs(tmp_path):
    """A folder of programs that only write down how they were called; and `dirname`, which is the real one."""
    folder = tmp_path / "programs"
    folder.mkdir()
    for name in ("make", "apt-get"):
        pretend(folder, name)
    for name in ("dirname", "sh"):
        (folder / name).symlink_to(shutil.which(name))
    return folder


def pretend(folder, name):
    program = folder / name
    program.write_text('#!/bin/sh\necho "${0##*/} $*"\n')
    program.chmod(0o755)


def build(programs):
    done = subprocess.run(
        [ROOT / ".ci" / "run"], env={"PATH": str(programs)}, capture_output=True, text=True, check=True, timeout=60
    )
    return done.stdout.splitlines()


def test_the_build_installs_a_chromium_where_there_is_none_then_tests(programs):
    *before, last = build(programs)

    assert any(line.startswith("apt-get install") and "chromium" in line.split() for line in before)
    assert last == "make test"


def test_the_build_installs_nothing_where_all_is_there(programs):
    for name in ("chromium", "msgfmt", "doveconf", "bearerbox"):
        pretend(programs, name)

    assert build(programs) == ["make test"]


@pytest.mark.skipif(any(Path(path).exists() for path in CHROMIUMS if "/" in path), reason="a browser outside PATH")
def test_without_a_browser_its_tests_are_skipped_with_one_line_that_says_how_to_get_one(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "tests/test_story.py", "-q", "-p", "no:cacheprovider"],
        cwd=ROOT,
        env=os.environ | {"PATH": str(tmp_path), "LOYAL_VAR": str(tmp_path / "var")},
        capture_output=True,
        text=True,
        timeout=300,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    (line,) = [line for line in done.stdout.splitlines() if "Chromium" in line]
    assert "1 browser tests were skipped" in line
    assert "apt-get install chromium" in line
    assert done.stdout.splitlines()[-1].startswith("1 skipped in ")
