"""What the documents promise is there: files, commands, targets, variables, measurements."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import get_commands

ROOT = Path(settings.BASE_DIR)
DOCUMENTS = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
FOR_OPERATORS = [ROOT / "README.md", ROOT / "docs" / "running.md"]
READS = re.compile(
    r"""\benv\.\w+\(\s*"([A-Z][A-Z_]+)"|_demands\.\w+\(\s*"([A-Z][A-Z_]+)"|environ(?:\.get)?[(\[]\s*"([A-Z][A-Z_]+)\""""
)
# What tests and developers set, and nobody who runs Loyal.
NOT_FOR_OPERATORS = re.compile(r"LOYAL_TEST_\w+|DEBUG|PATH|DJANGO_SETTINGS_MODULE|PYTEST_\w+")


def everywhere(pattern, documents=DOCUMENTS):
    """What a pattern finds in the documents, with the document it stands in."""
    return {(path, found) for path in documents for found in re.findall(pattern, path.read_text())}


def variables_read():
    """The environment variables that the settings and the start read."""
    sources = [*(ROOT / "config").rglob("*.py"), ROOT / "Procfile"]
    read = {next(filter(None, found)) for path in sources for found in READS.findall(path.read_text())}
    read |= set(re.findall(r"\$\{([A-Z][A-Z_]+)", (ROOT / "Procfile").read_text()))
    return {name for name in read if not NOT_FOR_OPERATORS.fullmatch(name)}


def test_every_link_between_documents_leads_to_a_file():
    links = everywhere(r"\]\((?!https?:|mailto:|#)([^)#\s]+)[^)]*\)")

    assert links
    assert [(str(path), link) for path, link in links if not (path.parent / link).exists()] == []


def test_every_command_that_is_named_exists():
    named = {command for _path, command in everywhere(r"manage\.py `?([a-z_]+)")}

    assert {"decide", "migrate"} <= named
    assert named - get_commands().keys() == set()


def test_every_make_target_that_is_named_exists():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = {target for _path, target in everywhere(r"`(?:[A-Z_]+=\S+ )?make ([a-z][a-z-]*[a-z])\b(?!-)")}
    named |= set(re.findall(r'@echo "make ([a-z-]+)', (ROOT / "Makefile").read_text()))

    missing = {target for target in named - targets if not target.startswith("bench-")}
    benches = {target.removeprefix("bench-").replace("-", "_") for target in named if target.startswith("bench-")}

    assert missing - {"bench"} == set()
    assert [bench for bench in benches if bench and not (ROOT / "bench" / f"{bench}.py").exists()] == []


def test_the_measurement_that_make_names_exists():
    (example,) = re.findall(r"such as bench-([a-z-]+)", (ROOT / "Makefile").read_text())

    assert (ROOT / "bench" / f"{example.replace('-', '_')}.py").exists()


def test_every_variable_that_is_read_is_documented():
    documented = " ".join(path.read_text() for path in FOR_OPERATORS)

    assert {name for name in variables_read() if f"`{name}`" not in documented} == set()


@pytest.mark.parametrize("document", FOR_OPERATORS, ids=lambda path: path.name)
def test_every_variable_of_a_table_is_read(document):
    rows = re.findall(r"^\| (`[A-Z][A-Z_`, ]+`) \|", document.read_text(), re.MULTILINE)
    named = {name for row in rows for name in re.findall(r"`([A-Z_]+)`", row)}
    by_make = {"PYTHON"}

    assert named
    assert named - variables_read() - by_make == set()
