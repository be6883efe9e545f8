"""The sections of a message as forms, one for each: whatever is missing stays missing until it is scheduled."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from campaigns.sections import KINDS, Part, Section, name_of

_ROWS = {"text": 6, "footnote": 3, "columns": 4}


class SectionForm(forms.Form):
    """What one section holds."""

    kind = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, section: Section, place: int, focus: str = "") -> None:
        super().__init__(prefix=f"section-{place}", initial=section)
        self.place = place
        self.name = name_of(place + 1, section)
        self.section = section
        for part in KINDS[section["kind"]].parts:
            self.fields[part.name] = _field(part, section["kind"])
        self.focus = self._focused(focus)

    def _focused(self, focus: str) -> str:
        """Which button the keyboard goes on at; none where it goes on in the first field."""
        first = next((field for field in list(self.fields.values())[1:] if not field.widget.is_hidden), None)
        if focus != "field" or first is None:
            return "remove" if focus == "field" else focus
        first.widget.attrs["autofocus"] = True
        return ""

    @property
    def parts(self) -> list[tuple[Part, forms.BoundField]]:
        return [(part, self[part.name]) for part in KINDS[self.section["kind"]].parts]


def section_forms(sections: list[Section], place: int = -1, act: str = "") -> list[SectionForm]:
    """A form for each section. The keyboard goes on at a place, where a button was pressed."""
    verb = act.partition(":")[0]
    if verb == "up" and place == 0:
        verb = "down"
    elif verb == "down" and place == len(sections) - 1:
        verb = "up"
    focus = "field" if verb == "add" else verb
    return [SectionForm(section, at, focus if at == place else "") for at, section in enumerate(sections)]


def _field(part: Part, kind: str) -> forms.Field:
    options: dict[str, Any] = {"label": part.label, "required": False}
    match part.kind:
        case "choice":
            return forms.ChoiceField(choices=part.choices, **options)
        case "prose":
            widget = forms.Textarea(attrs={"rows": _ROWS.get(kind, 4), "spellcheck": "true", "maxlength": part.longest})
            return forms.CharField(widget=widget, **options)
        case "link":
            attributes = {"inputmode": "url", "placeholder": "https://", "maxlength": part.longest}
            return forms.CharField(widget=forms.TextInput(attributes), **options)
        case "picture":
            return forms.CharField(widget=forms.HiddenInput, **options)
        case _:
            if part.name.endswith("alternative"):
                options["help_text"] = gettext_lazy("Read aloud, and shown where pictures are not.")
            return forms.CharField(widget=forms.TextInput(attrs={"maxlength": part.longest}), **options)
