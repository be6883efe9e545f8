"""What each step of the set-up path asks, with something to start from."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from consent.models import Box, Notice, Organisation, Purpose, Sender, SignupForm
from consent.publishing import publish
from consent.vocabulary import Channel, Language
from prospects.links import absolute

if TYPE_CHECKING:
    OrganisationModelForm = forms.ModelForm[Organisation]
    SignupModelForm = forms.ModelForm[SignupForm]
    SenderModelForm = forms.ModelForm[Sender]
else:
    OrganisationModelForm = SignupModelForm = SenderModelForm = forms.ModelForm


class OrganisationStep(OrganisationModelForm):
    class Meta:
        model = Organisation
        fields = ("name", "legal_identity", "address", "email", "data_protection_contact")
        widgets = {"address": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in ("address", "email"):
            self.fields[name].required = True

    def save(self, commit: bool = True) -> Organisation:
        kept: Organisation = super().save(commit)
        return kept


class NoticeStep(forms.Form):
    """A purpose, its notice and its one box, published together or not at all."""

    purpose_fr = forms.CharField(label=_("What people say yes to, in French"), max_length=100)
    purpose_en = forms.CharField(label=_("The same in English"), max_length=100)
    label_fr = forms.CharField(label=_("Label of its box, in French"), max_length=500)
    label_en = forms.CharField(label=_("Label of its box, in English"), max_length=500)
    information_fr = forms.CharField(label=_("Notice in French"), widget=forms.Textarea(attrs={"rows": 14}))
    information_en = forms.CharField(label=_("Notice in English"), widget=forms.Textarea(attrs={"rows": 14}))

    @classmethod
    def to_start_from(cls, organisation: Organisation) -> dict[str, str]:
        """Words that satisfy the law's checks, to be adapted."""
        name = organisation.name
        told = {
            "name": ", ".join(filter(None, [name, organisation.legal_identity])),
            "address": ", ".join(organisation.address.split("\n")).replace("\r", ""),
            "contact": organisation.data_protection_contact or organisation.email,
            "rights": absolute("rights"),
        }
        texts = {
            language: (Path(__file__).parent / f"notice.{language}.md").read_text() for language in Language.values
        }
        return {
            "purpose_fr": "Lettre d’information",
            "purpose_en": "Newsletter",
            "label_fr": f"J’accepte de recevoir la lettre d’information de {name} par e-mail.",
            "label_en": f"I agree to receive the newsletter of {name} by e-mail.",
            **{f"information_{language}": text.format(**told) for language, text in texts.items()},
        }

    def save(self) -> bool:
        """Publish, unless the law's checks forbid it: then nothing is kept, and the form says why."""
        said = self.cleaned_data
        try:
            with transaction.atomic():
                purpose = Purpose.objects.create(
                    slug=_free_slug(Purpose, said["purpose_fr"]), name_fr=said["purpose_fr"], name_en=said["purpose_en"]
                )
                notice = Notice(
                    code=purpose.slug, information_fr=said["information_fr"], information_en=said["information_en"]
                )
                notice.full_clean()
                notice.save()
                box = Box(
                    notice=notice,
                    purpose=purpose,
                    channel=Channel.EMAIL,
                    label_fr=said["label_fr"],
                    label_en=said["label_en"],
                )
                box.full_clean()
                box.save()
                publish(notice, at=timezone.now())
        except ValidationError as error:
            for sentence in error.messages:
                self.add_error(None, sentence)
            return False
        return True


class FormStep(SignupModelForm):
    """The first form: open as soon as it is kept."""

    class Meta:
        model = SignupForm
        fields = ("title_fr", "title_en", "introduction_fr", "introduction_en", "asks_name")
        widgets = {
            "introduction_fr": forms.Textarea(attrs={"rows": 3}),
            "introduction_en": forms.Textarea(attrs={"rows": 3}),
        }

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        self.instance.notice = Notice.objects.published().latest("published_at")
        self.instance.slug = self.instance.slug or _free_slug(SignupForm, cleaned.get("title_fr", ""))
        for box in self.instance.notice.boxes.all():
            self.instance.asks_phone |= box.channel in (Channel.PHONE, Channel.SMS, Channel.MMS, Channel.AUTOMATED_CALL)
            self.instance.asks_post |= box.channel == Channel.POST
        return cleaned


class SenderStep(SenderModelForm):
    """Who signs the mails, and where the test goes: to whoever is signed in, and to nobody else."""

    test_to = forms.EmailField(label=_("Your own address, for the test mail"))

    class Meta:
        model = Sender
        fields = ("name", "address", "reply_to")

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.user = user
        if user.email:
            del self.fields["test_to"]

    def save(self, commit: bool = True) -> Sender:
        if not self.user.email:
            self.user.email = self.cleaned_data["test_to"]
            self.user.save(update_fields=["email"])
        kept: Sender = super().save(commit=False)
        kept.keep()
        return kept


def _free_slug(model: Any, words: str) -> str:
    """Return a short name that nothing has yet."""
    slug = first = slugify(words)[:40] or "1"
    number = 1
    while model.objects.filter(slug=slug).exists():
        number += 1
        slug = f"{first}-{number}"
    return slug
