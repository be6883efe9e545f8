from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from consent.bilingual import Bilingual
from consent.models.notice import Notice


class SignupForm(models.Model):
    """A public page that asks for details, shows a notice with its boxes, and gives its resource to everybody."""

    class Resource(models.TextChoices):
        NONE = "none", _("nothing")
        FILE = "file", _("a file")
        PAGE = "page", _("a page")
        ANSWER = "answer", _("an answer to a request")

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

    title = Bilingual("title")
    introduction = Bilingual("introduction")
    resource_title = Bilingual("resource_title")
    resource_text = Bilingual("resource_text")

    class Meta:
        verbose_name = _("signup form")
        verbose_name_plural = _("signup forms")
        ordering = ["slug"]
        constraints = [
            models.CheckConstraint(
                condition=Q(asks_email=True) | Q(asks_phone=True) | Q(asks_post=True), name="a_form_asks_for_an_address"
            ),
            models.CheckConstraint(
                condition=~Q(resource="file", resource_file="") & ~Q(resource="page", resource_url=""),
                name="a_form_has_what_it_gives",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("signup", args=[self.slug])
