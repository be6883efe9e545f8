from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consent.bilingual import Bilingual
from consent.models.notice import Notice
from consent.origins import origins_are_whole
from consent.staff_texts import texts_hold_no_form_control
from consent.vocabulary import Medium


class SignupFormQuerySet(models.QuerySet["SignupForm"]):
    def open_to_the_public(self) -> "SignupFormQuerySet":
        return self.filter(is_open=True, notice__published_at__isnull=False)


class SignupForm(models.Model):
    """A public page that asks for details, shows a notice with its boxes, and gives its resource to everybody."""

    class Resource(models.TextChoices):
        NONE = "none", _("nothing")
        FILE = "file", _("a file")
        PAGE = "page", _("a page")
        ANSWER = "answer", _("an answer, shown at once")
        REQUEST = "request", _("an answer that staff send: the request is kept")

    slug = models.SlugField(_("address on the site"), unique=True)
    title_fr = models.CharField(_("title in French"), max_length=200)
    title_en = models.CharField(_("title in English"), max_length=200, blank=True)
    introduction_fr = models.TextField(_("introduction in French"), blank=True, help_text=_("Markdown."))
    introduction_en = models.TextField(_("introduction in English"), blank=True, help_text=_("Markdown."))
    notice = models.ForeignKey(Notice, models.PROTECT, verbose_name=_("notice"))
    is_open = models.BooleanField(_("open to the public"), default=True)

    asks_email = models.BooleanField(_("asks for the e-mail address"), default=True)
    asks_name = models.BooleanField(_("asks for the name"), default=False)
    asks_phone = models.BooleanField(_("asks for the phone number"), default=False)
    asks_post = models.BooleanField(_("asks for the postal address"), default=False)

    resource = models.CharField(_("what the form gives"), max_length=10, choices=Resource, default=Resource.NONE)
    resource_title_fr = models.CharField(_("its title in French"), max_length=200, blank=True)
    resource_title_en = models.CharField(_("its title in English"), max_length=200, blank=True)
    resource_text_fr = models.TextField(_("its text in French"), blank=True, help_text=_("Markdown."))
    resource_text_en = models.TextField(_("its text in English"), blank=True, help_text=_("Markdown."))
    resource_file = models.FileField(_("its file"), upload_to="resources/", blank=True)
    resource_url = models.URLField(_("its address"), blank=True)

    welcome_subject_fr = models.CharField(
        _("subject of the welcome mail in French"), max_length=200, blank=True, db_default=""
    )
    welcome_subject_en = models.CharField(
        _("subject of the welcome mail in English"), max_length=200, blank=True, db_default=""
    )
    welcome_text_fr = models.TextField(
        _("welcome mail in French"), blank=True, db_default="", help_text=_("Markdown. Sent once, on confirmation.")
    )
    welcome_text_en = models.TextField(
        _("welcome mail in English"), blank=True, db_default="", help_text=_("Markdown. Sent once, on confirmation.")
    )

    origins = ArrayField(
        models.CharField(max_length=200),
        verbose_name=_("websites that may show it in a frame"),
        default=list,
        db_default=[],
        blank=True,
        help_text=_("One a line, such as https://www.example.test. Every other website is refused."),
    )

    title = Bilingual("title")
    introduction = Bilingual("introduction")
    resource_title = Bilingual("resource_title")
    resource_text = Bilingual("resource_text")
    welcome_subject = Bilingual("welcome_subject")
    welcome_text = Bilingual("welcome_text")

    objects = SignupFormQuerySet.as_manager()

    class Meta:
        verbose_name = _("signup form")
        verbose_name_plural = _("signup forms")
        ordering = ["slug"]
        constraints = [
            models.CheckConstraint(
                condition=Q(asks_email=True) | Q(asks_phone=True) | Q(asks_post=True),
                name="a_form_asks_for_an_address",
                violation_error_message=_(
                    "The form must ask for an e-mail address, a phone number or a postal address."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(resource="file", resource_file="") & ~Q(resource="page", resource_url=""),
                name="a_form_has_what_it_gives",
                violation_error_message=_("Add the file or the address of what the form gives."),
            ),
            models.CheckConstraint(
                condition=Q(welcome_text_fr="", welcome_text_en="") | (Q(asks_email=True) & ~Q(welcome_subject_fr="")),
                name="a_welcome_has_its_subject",
                violation_error_message=_(
                    "A welcome mail needs a subject in French, and a form that asks for the e-mail address."
                ),
            ),
            texts_hold_no_form_control(
                "no_form_control_in_a_welcome",
                *("welcome_subject_fr", "welcome_subject_en", "welcome_text_fr", "welcome_text_en"),
            ),
            origins_are_whole("a_form_has_whole_origins", "origins"),
            texts_hold_no_form_control(
                "no_form_control_in_a_form",
                *("title_fr", "title_en", "introduction_fr", "introduction_en"),
                *("resource_title_fr", "resource_title_en", "resource_text_fr", "resource_text_en"),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("signup", args=[self.slug])

    @property
    def welcomes(self) -> bool:
        """Whether whoever confirms gets a welcome mail."""
        return bool(self.welcome_text_fr)

    def asks_for(self, medium: str) -> bool:
        """Say whether the form asks for an address of this medium."""
        return {Medium.EMAIL: self.asks_email, Medium.PHONE: self.asks_phone, Medium.POST: self.asks_post}.get(
            Medium(medium), False
        )

    def clean(self) -> None:
        """Refuse to open a form that the law's checks find at fault; a closed one may be unfinished."""
        from consent.opening import errors_now

        if self.notice_id is not None and self.notice.published_at is None:
            raise ValidationError({"notice": _("Publish this notice first: people must see wording that stays.")})
        if self.notice_id is not None and self.is_open and (errors := errors_now(self, at=timezone.now())):
            raise ValidationError(errors)
