"""The compiled translations that are kept are those of the texts beside them."""

import shutil
import subprocess
from pathlib import Path

import pytest
from django.conf import settings

CATALOGUES = sorted((settings.BASE_DIR / "locale").glob("*/LC_MESSAGES/*.po"))


@pytest.mark.skipif(shutil.which("msgfmt") is None, reason="msgfmt, of gettext, is not installed")
@pytest.mark.parametrize("catalogue", CATALOGUES, ids=lambda path: str(path.relative_to(settings.BASE_DIR)))
def test_compiled_translations_are_fresh(catalogue: Path, tmp_path: Path) -> None:
    compiled = tmp_path / "fresh.mo"
    subprocess.run(["msgfmt", "--check-format", "-o", str(compiled), str(catalogue)], check=True)
    kept = catalogue.with_suffix(".mo")
    assert kept.read_bytes() == compiled.read_bytes(), "run “.venv/bin/python manage.py compilemessages”"
