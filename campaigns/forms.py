"""What marketers fill in. The forms hold no law: they read words, dates and times."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.channel_form import ChannelForm
from campaigns.delivery.mjml import to_design
from campaigns.fields import problems
from campaigns.models import Campaign
from campaigns.paris_time import PARIS, Moment, NoSuchTime, paris_moment
from campaigns.sections import Section, check, read, texts
from campaigns.window_form import WindowsForm
from campaigns.words import SECTORS
from prospects.models import Activity, Family

PROBLEM = "problem"
# Characters. Mailboxes cut off what is beyond the first; of a design, much is no text.
LONGEST_BODY, LONGEST_DESIGN = 100_000, 300_000
LONGEST_WAIT = timedelta(days=366)


class CampaignForm(ChannelForm):
    """What is written, on which channel, for which purpose, and what it is about."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    creation_key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    families = forms.MultipleChoiceField(
        label=gettext_lazy("Product families"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Customers who bought from these families may be written to about similar products."),
    )
    activities = forms.MultipleChoiceField(
        label=gettext_lazy("Professional activities"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Professionals of these activities may be written to about their work."),
    )
    sector = forms.ChoiceField(
        label=gettext_lazy("Sectors under a ban"),
        choices=SECTORS.items,
        required=False,
        help_text=gettext_lazy("The law bans prospecting individuals about these, unless a contract is in progress."),
    )

    class Meta:
        model = Campaign
        fields = [
            *("name", "channel", "purpose", "language", "subject", "preheader", "format", "body", "count_clicks"),
            *("families", "activities", "sector", "sender"),
        ]
        labels = {"purpose": gettext_lazy("Purpose"), "name": gettext_lazy("Name")}
        help_texts = {
            "purpose": gettext_lazy("What people said yes or no to: it decides who may receive this."),
            "language": gettext_lazy("Of the message."),
        }
        widgets = {"body": forms.Textarea(attrs={"rows": 14, "spellcheck": "true"})}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.take_channel()
        # A format that is not shown keeps what was written in it.
        self.sections: list[Section] = read(self.data) if self.is_bound else list(self.instance.sections)
        self.picture_problems: list[str] = []
        self._offer("families", {family.path: str(family) for family in Family.objects.all()})
        self._offer("activities", {activity.slug: str(activity) for activity in Activity.objects.all()})

    def _offer(self, name: str, choices: dict[str, str]) -> None:
        """Offer what exists, and what the campaign holds already; leave out a question without answers."""
        for kept in getattr(self.instance, name):
            choices.setdefault(kept, kept)
        if choices:
            self.fields[name].choices = list(choices.items())  # type: ignore[attr-defined]
        else:
            del self.fields[name]

    def clean_subject(self) -> str:
        return self._without_problems("subject")

    def clean_preheader(self) -> str:
        return self._without_problems("preheader")

    def clean_body(self) -> str:
        most = LONGEST_BODY if self.cleaned_data.get("format") == Campaign.Format.MARKDOWN else LONGEST_DESIGN
        if len(self.cleaned_data["body"]) > most:
            raise ValidationError(
                _("The message is longer than %(most)s characters: no mailbox would show all of it."),
                code=PROBLEM,
                params={"most": number_format(most, force_grouping=True)},
            )
        return self._without_problems("body")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        self.fix_channel(cleaned)
        self.instance.sections = self.sections
        match self.means.format or cleaned.get("format"):
            case Campaign.Format.SECTIONS:
                self._clean_sections()
            case Campaign.Format.MJML if cleaned.get("body"):
                self._clean_mjml(cleaned["body"])
            case Campaign.Format.MJML | Campaign.Format.MARKDOWN | Campaign.Format.TEXT if cleaned.get("body") == "":
                self.add_error("body", ValidationError(self.fields["body"].error_messages["required"], code="required"))
        return cleaned

    def _clean_mjml(self, body: str) -> None:
        try:
            to_design(body)
        except ValidationError as error:
            self.add_error("body", [ValidationError(problem, code=PROBLEM) for problem in error.messages])

    def _clean_sections(self) -> None:
        for problem in self.picture_problems:
            self.add_error(None, problem)
        try:
            check(self.sections)
        except ValidationError as error:
            self.add_error(None, error)
            return
        for place, text in texts(self.sections):
            for problem in problems(text):
                self.add_error(None, ValidationError(f"{place}: {problem}", code=PROBLEM))

    def _without_problems(self, name: str) -> str:
        text: str = self.cleaned_data[name]
        if name == "body" and self.cleaned_data.get("format") == Campaign.Format.SECTIONS:
            return text
        if found := problems(text):
            raise ValidationError([ValidationError(problem, code=PROBLEM) for problem in found])
        return text

    def written(self) -> dict[str, Any]:
        """What was written, by the campaign's own names."""
        names = (*self.Meta.fields, "particulars")
        written = {name: self.cleaned_data[name] for name in names if name in self.cleaned_data}
        written |= {"format": self.means.format} if self.means.format else {}
        return written | {"sections": self.sections}


class DraftForm(CampaignForm):
    """What is saved as one types: whatever stands there, however unfinished."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in ("name", "subject"):
            if name in self.fields:
                self.fields[name].required = False

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        self.fix_channel(cleaned)
        check(self.sections)
        self.instance.sections = self.sections
        cleaned["name"] = cleaned.get("name") or cleaned.get("subject") or _("Untitled")
        return cleaned

    def say_of_particulars(self) -> None:
        """What is not finished is kept as far as it can be read."""

    def _without_problems(self, name: str) -> str:
        text: str = self.cleaned_data[name]
        return text


class ScheduleForm(WindowsForm):
    """A date and a time on the clocks of Paris, still to come. `moment` says which moment that is."""

    day = forms.DateField(label=gettext_lazy("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    time = forms.TimeField(label=gettext_lazy("Time"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    version = forms.IntegerField(widget=forms.HiddenInput)

    moment: Moment

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        today = timezone.localdate(timezone=PARIS)
        if day < today:
            raise ValidationError(_("This day is past. Choose today or a later day."))
        if day > today + LONGEST_WAIT:
            raise ValidationError(_("This day is more than a year away. Choose an earlier one."))
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if "day" in cleaned and "time" in cleaned:
            try:
                self.moment = paris_moment(cleaned["day"], cleaned["time"])
            except NoSuchTime as skipped:
                self.add_error("time", _no_such_time(cleaned["day"], skipped))
            else:
                if self.moment.at <= timezone.now():
                    self.add_error("time", _("This time is past. Choose a later one."))
        return cleaned


class ApprovalForm(forms.Form):
    """A second person's word on a campaign; whoever sends it back says why."""

    because = forms.CharField(
        label=gettext_lazy("Why you send it back"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        if "approve" not in self.data and not self.cleaned_data.get("because"):
            self.add_error("because", _("Say what is to be changed."))
        return self.cleaned_data


def _no_such_time(day: date, skipped: NoSuchTime) -> str:
    return _(
        "The clocks go forward in the night of %(day)s, and this time does not exist. "
        "Choose for example %(earlier)s or %(later)s."
    ) % {
        "day": date_format(day, "j F Y"),
        "earlier": date_format(skipped.earlier, "H:i"),
        "later": date_format(skipped.later, "H:i"),
    }
