"""The form in which marketers say among whom a campaign goes, and the words for what they said."""

import dataclasses
import re
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.text import capfirst, get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.models import Campaign, Segment
from consent.models import Purpose, SignupForm
from consent.vocabulary import Channel, Language
from prospects.filters import Filter, postcode_prefixes
from prospects.models import Activity, ExtraField, Family, Prospect, Source

_MOST_PLACES = 200


def _choices(label: Any, help_text: Any = "") -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, help_text=help_text, required=False, widget=forms.CheckboxSelectMultiple
    )


def _day(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label, required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class FilterForm(forms.Form):
    """Conditions that all count; the values of one are alternatives. `chosen` is the filter they make."""

    families = _choices(gettext_lazy("Bought from"), gettext_lazy("At any time, from this family or one within it."))
    activities = _choices(gettext_lazy("Professional activity"))
    kinds = _choices(gettext_lazy("Individuals or professionals"))
    languages = _choices(gettext_lazy("Language"))
    places = forms.CharField(
        label=gettext_lazy("Departments or postcodes"),
        required=False,
        max_length=2000,
        help_text=gettext_lazy("Such as 75, 2A, 971 or 69003: people who gave us a postal address there."),
    )
    sources = _choices(gettext_lazy("Where the details come from"))
    forms = _choices(gettext_lazy("Signed up on the form"))
    extras = _choices(gettext_lazy("Noted of them"), gettext_lazy("Whoever has one of the values, field by field."))
    collected_from = _day(gettext_lazy("Collected from"))
    collected_until = _day(gettext_lazy("until"))
    active_from = _day(gettext_lazy("Last sign of the person from"))
    active_until = _day(gettext_lazy("until"))

    def __init__(self, data: QueryDict | None = None, *, kept: Filter) -> None:
        given = {**kept.as_json(), "places": ", ".join(kept.places)}
        super().__init__(data, initial=given)
        offered: dict[str, dict[str, str]] = {
            "families": {family.path: family.name for family in Family.objects.all()},
            "activities": {activity.slug: activity.name for activity in Activity.objects.all()},
            "kinds": {value: capfirst(str(label)) for value, label in Prospect.Kind.choices},
            "languages": {value: capfirst(str(label)) for value, label in Language.choices},
            "sources": {value: capfirst(str(label)) for value, label in Source.Kind.choices if value != "unknown"},
            "forms": {form.slug: form.title for form in SignupForm.objects.all()},
            "extras": _extra_choices(),
        }
        for name, choices in offered.items():
            for value in getattr(kept, name):
                choices.setdefault(value, value)
            if choices:
                self.fields[name].choices = list(choices.items())  # type: ignore[attr-defined]
            else:
                del self.fields[name]

    def clean_places(self) -> tuple[str, ...]:
        places = tuple(dict.fromkeys(re.findall(r"[^\s,;]+", self.cleaned_data["places"].upper())))
        if len(places) > _MOST_PLACES:
            raise ValidationError(_("These are too many places: take at most %(most)s.") % {"most": _MOST_PLACES})
        for place in places:
            try:
                postcode_prefixes(place)
            except ValueError as error:
                raise ValidationError(
                    _("“%(place)s” is neither a department, such as 75, 2A or 971, nor a postcode of five digits.")
                    % {"place": place}
                ) from error
        return places

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for name in ("collected", "active"):
            first, last = cleaned.get(f"{name}_from"), cleaned.get(f"{name}_until")
            if first and last and first > last:
                self.add_error(f"{name}_until", _("This day lies before the first one."))
        return cleaned

    def filters_have_errors(self) -> bool:
        """Whether the conditions themselves cannot be understood; a missing name is no error of theirs."""
        return any(field.name in self.errors for field in dataclasses.fields(Filter))

    @property
    def chosen(self) -> Filter:
        """The filter that was filled in, which must have no errors."""
        said: dict[str, Any] = {}
        for field in dataclasses.fields(Filter):
            if value := self.cleaned_data.get(field.name):
                said[field.name] = tuple(value) if isinstance(value, list) else value
        return Filter(**said)


class AudienceForm(FilterForm):
    """The audience of one campaign: a segment, or filters of its own, which may be saved as a segment."""

    segment = forms.ModelChoiceField(
        Segment.objects.all(),
        label=gettext_lazy("Segment"),
        required=False,
        empty_label=gettext_lazy("None: the filters below"),
        help_text=gettext_lazy("A segment takes the place of the filters below."),
    )
    new_segment = forms.CharField(label=gettext_lazy("Name of the segment"), max_length=100, required=False)

    def __init__(self, data: QueryDict | None = None, *, campaign: Campaign, names_a_segment: bool = False) -> None:
        super().__init__(data, kept=campaign.chosen_filter)
        self.names_a_segment = names_a_segment
        self.fields["segment"].initial = campaign.segment
        if not Segment.objects.exists():
            self.fields["segment"].widget = forms.HiddenInput()

    def clean_new_segment(self) -> str:
        return free_name(self.cleaned_data["new_segment"]) if self.names_a_segment else ""

    @property
    def among(self) -> Filter:
        """The filter to go by: the segment's, where one is chosen."""
        segment: Segment | None = self.cleaned_data["segment"]
        return segment.chosen if segment is not None else self.chosen

    def as_query(self) -> str:
        """What was filled in, for the address of the page that shows it."""
        names = {*self.fields} - {"new_segment"}
        assert isinstance(self.data, QueryDict)  # noqa: S101 - what a page sent
        said = [(name, value) for name in names for value in self.data.getlist(name) if value]
        return urlencode([("filtering", "1"), *sorted(said)])


class SegmentForm(FilterForm):
    """A segment: its name and filters, and for which purpose and channel its people are counted meanwhile."""

    name = forms.CharField(label=gettext_lazy("Name of the segment"), max_length=100)
    purpose = forms.ModelChoiceField(Purpose.objects.all(), label=gettext_lazy("Counted for"), required=False)
    channel = forms.ChoiceField(label=gettext_lazy("Channel"), choices=Channel.choices, required=False)

    def __init__(self, data: QueryDict | None = None, *, segment: Segment | None = None) -> None:
        super().__init__(data, kept=segment.chosen if segment else Filter())
        self.segment = segment
        self.fields["name"].initial = segment.name if segment else ""

    def clean_name(self) -> str:
        return free_name(self.cleaned_data["name"], besides=self.segment)


def free_name(typed: str, *, besides: Segment | None = None) -> str:
    """Return the name of a segment as it is kept, unless another has it."""
    name = " ".join(typed.split())
    if not name:
        raise ValidationError(_("Give the segment a name."))
    others = Segment.objects.exclude(pk=besides.pk) if besides else Segment.objects.all()
    if others.filter(name=name).exists():
        raise ValidationError(_("There is a segment of this name already."))
    return name


def filter_words(chosen: Filter, form: FilterForm) -> list[str]:
    """Say what a filter asks, one sentence a condition; the form knows the names of what it offers."""
    return [f"{label}{_(': ')}{said}" for label, said in _said(chosen, form)]


def _said(chosen: Filter, form: FilterForm) -> Iterator[tuple[str, str]]:
    for name in ("families", "activities", "kinds", "languages", "sources", "forms", "extras"):
        if values := getattr(chosen, name):
            field = form.fields.get(name)
            names = {value: str(words) for value, words in _choices_of(field)}
            yield str(form.base_fields[name].label), _listed([names.get(value, value) for value in values])
    if chosen.places:
        yield _("Departments or postcodes"), _listed(list(chosen.places))
    for name, label in (("collected", _("Collected")), ("active", _("Last sign of the person"))):
        first, last = getattr(chosen, f"{name}_from"), getattr(chosen, f"{name}_until")
        if first and last:
            yield label, _("from %(first)s to %(last)s") % {"first": _said_day(first), "last": _said_day(last)}
        elif first:
            yield label, _("from %(first)s on") % {"first": _said_day(first)}
        elif last:
            yield label, _("until %(last)s") % {"last": _said_day(last)}


def _extra_choices() -> dict[str, str]:
    """The values of those extra fields that have few: one of some choices, yes or no."""
    offered: dict[str, str] = {}
    for field in ExtraField.objects.filter(kind__in=[ExtraField.Kind.CHOICE, ExtraField.Kind.YES_NO]):
        values = [(option, option) for option in field.options] or [("true", _("yes")), ("false", _("no"))]
        label = capfirst(field.label)
        offered |= {f"{field.slug}:{value}": f"{label}{_(': ')}{said}" for value, said in values}
    return offered


def _choices_of(field: Any) -> Iterable[tuple[str, Any]]:
    return getattr(field, "choices", ())


def _listed(values: list[str]) -> str:
    return str(get_text_list(values, _("or")))


def _said_day(day: Any) -> str:
    return date_format(day, "j F Y")
