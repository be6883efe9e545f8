"""The documentation's examples do what it says that they do, as they are printed, against a running Loyal."""

import ast
import re
from pathlib import Path

import pytest
from django.conf import settings

from api.urls import api
from prospects.models import Family
from tests.factories import make_form, make_notice, make_purpose

DOCUMENT = (Path(settings.BASE_DIR) / "docs" / "api.md").read_text()
BLOCKS = re.findall(r"^```python\n(.*?)^```$", DOCUMENT, re.MULTILINE | re.DOTALL)


@pytest.fixture
def world():
    """What the examples take for granted."""
    offers = make_purpose(slug="offers")
    make_form(slug="newsletter", notice=make_notice({"purpose": offers}, code="newsletter"), asks_name=True)
    Family.objects.get_or_create(path="garden", name_fr="Jardin")


@pytest.mark.django_db(transaction=True)
def test_every_example_prints_what_the_documentation_says(program, world, live_server, capsys):
    names = {}
    for block in BLOCKS:
        expected = re.findall(r"^print\(.*\)  # (.*)$", block, re.MULTILINE)
        assert "loyal_" in block or expected, f"an example prints nothing: {block}"
        code = block.replace("https://loyal.example.test", live_server.url)
        code = re.sub(r'^KEY = ".*"$', f'KEY = "{program.secret}"', code, flags=re.MULTILINE)
        exec(compile(ast.parse(code), "docs/api.md", "exec"), names)
        assert capsys.readouterr().out.splitlines() == expected


def test_every_operation_has_an_example():
    asked = {
        (method.lower(), re.sub(r"\{\w+\}", "{number}", path))
        for method, path in re.findall(r'ask\(\s*"([A-Z]+)",\s*f?"([^"?]+)', "\n".join(BLOCKS))
    }
    offered = {
        (method, path.removeprefix("/api/v1"))
        for path, operations in api.get_openapi_schema()["paths"].items()
        for method in operations
    }

    assert asked == offered
