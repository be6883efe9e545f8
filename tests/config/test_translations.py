"""Every word that a person sees can be read in French and in English."""

import gettext
import os
import re
import shutil
import subprocess
import sys

import pytest
from django.conf import settings

CATALOGUES = sorted((settings.BASE_DIR / "locale").glob("*/LC_MESSAGES/*.po"))
SPOKEN = ("api", "campaigns", "staff", "config", "consent", "locale", "prospects", "templates")

_TRANSLATED = re.compile(r"\{% blocktranslate.*?\{% endblocktranslate %\}", re.DOTALL)
_COMMENT = re.compile(r"\{% comment.*?\{% endcomment %\}|\{#.*?#\}", re.DOTALL)
_CODE = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
_UNSPOKEN = re.compile(r"<(style|script)\b.*?</\1>", re.DOTALL)
_SPOKEN_ATTRIBUTE = re.compile(r"""\s(?:aria-label|title|alt|placeholder)=("[^"]*"|'[^']*')""")
_TAG = re.compile(r"<[^>]*>")
_CLASSES = re.compile(r"\{% block (?:bodyclass|body_class|home_url|coltype)[^%]*%\}.*?\{% endblock[^%]*%\}", re.DOTALL)
# Names and signs that are the same in both languages.
_ANY_LANGUAGE = re.compile(r"first_name|https|Loyal")
_WORD = re.compile(r"[^\W\d_]{3,}")

needs = {
    tool: pytest.mark.skipif(shutil.which(tool) is None, reason=f"{tool}, of gettext, is not installed")
    for tool in ("msgfmt", "xgettext")
}


@needs["msgfmt"]
@pytest.mark.parametrize("catalogue", CATALOGUES, ids=lambda path: str(path.relative_to(settings.BASE_DIR)))
def test_compiled_translations_are_fresh(catalogue, tmp_path):
    compiled = tmp_path / "fresh.mo"
    subprocess.run(["msgfmt", "--check-format", "-o", str(compiled), str(catalogue)], check=True)

    assert words(catalogue.with_suffix(".mo")) == words(compiled), "run “.venv/bin/python manage.py compilemessages”"


def words(compiled):
    """What a compiled catalogue says, but for the day on which it was made."""
    with compiled.open("rb") as file:
        said = gettext.GNUTranslations(file)._catalog
    return {source: word for source, word in said.items() if source}


@needs["xgettext"]
def test_every_text_of_the_code_and_the_templates_is_translated(tmp_path):
    for folder in SPOKEN:
        ignored = shutil.ignore_patterns("__pycache__", "migrations")
        shutil.copytree(settings.BASE_DIR / folder, tmp_path / folder, ignore=ignored)
    subprocess.run(
        [sys.executable, "-m", "django", "makemessages", "--all", "--no-location", "--no-wrap", "--verbosity=0"],
        cwd=tmp_path,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings.test", "LOYAL_VAR": str(tmp_path / "var")},
        check=True,
    )

    for catalogue in CATALOGUES:
        merged = tmp_path / catalogue.relative_to(settings.BASE_DIR)
        for lacking in ("--untranslated", "--only-fuzzy", "--only-obsolete"):
            found = subprocess.run(
                ["msgattrib", lacking, "--no-wrap", str(merged)], capture_output=True, text=True, check=True
            ).stdout
            assert re.findall(r'^(?:#~ )?msgid ("[^"].*)$', found, re.MULTILINE) == [], lacking


def bare_words(template):
    """The words of a template that stand outside every translation."""
    for part in (_CLASSES, _TRANSLATED, _COMMENT, _CODE, _UNSPOKEN):
        template = part.sub(" ", template)
    said = [*_SPOKEN_ATTRIBUTE.findall(template), _TAG.sub(" ", template)]
    return [word for text in said for word in _WORD.findall(_ANY_LANGUAGE.sub(" ", text))]


def test_no_template_holds_words_in_one_language_alone():
    found = {
        str(path.relative_to(settings.BASE_DIR)): bare
        for kind in ("*.html", "*.txt")
        for path in sorted((settings.BASE_DIR / "templates").rglob(kind))
        if (bare := bare_words(path.read_text()))
    }

    assert found == {}


@pytest.mark.parametrize(
    ("template", "bare"),
    [
        ('<p class="lead">{% translate "Send" %}</p>', []),
        ("<p>Send</p>", ["Send"]),
        ('<a title="Go home">{{ form.title }}</a>', ["home"]),
        ("{% blocktranslate %}You get {{ title }}{% endblocktranslate %} now", ["now"]),
    ],
)
def test_a_bare_word_is_found(template, bare):
    assert bare_words(template) == bare


def test_french_keeps_its_double_signs_with_the_word_before_them():
    french = (settings.BASE_DIR / "locale/fr/LC_MESSAGES/django.po").read_text()

    assert re.findall(r"^msgstr.*(?: [:;?!»]|« ).*$", french, re.MULTILINE) == []


# What people write to us in their own words is read whichever word they choose.
OTHERS_OWN_WORDS = {"campaigns/returns/phrases.py", "prospects/imports/columns.py"}


def test_french_has_one_word_for_an_email_that_of_the_founding_article():
    folders = ("api", "campaigns", "config", "consent", "locale", "prospects", "staff", "templates")
    said = [
        path.relative_to(settings.BASE_DIR).as_posix()
        for folder in folders
        for path in (settings.BASE_DIR / folder).rglob("*")
        if path.suffix in (".po", ".py", ".md", ".html", ".txt", ".mjml")
        and re.search("(?i)courriel", path.read_text())
    ]

    assert set(said) == OTHERS_OWN_WORDS
