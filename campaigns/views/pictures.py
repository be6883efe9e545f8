from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from campaigns import illustrations
from campaigns.access import MarketerRequest, marketers_only
from campaigns.models import Illustration

_ON_A_PAGE = 48


class PictureForm(forms.Form):
    """One picture for the library."""

    picture = forms.FileField(
        label=gettext_lazy("Add a picture"),
        help_text=gettext_lazy("PNG, JPEG, GIF or WebP, 10 MB at most. It is made 1200 pixels wide where it is wider."),
        widget=forms.ClearableFileInput(attrs={"accept": "image/png,image/jpeg,image/gif,image/webp"}),
    )


@marketers_only
def library(request: MarketerRequest) -> HttpResponse:
    """The pictures that marketers pick from, and a way to add one."""
    form = PictureForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        try:
            illustrations.add(form.cleaned_data["picture"], by=request.user)
        except ValidationError as error:
            form.add_error("picture", error)
        else:
            messages.success(request, _("The picture is in the library."))
            return redirect("campaigns:pictures")
    kept = Illustration.objects.select_related("picture", "added_by").defer("picture__content")
    page = Paginator(kept, _ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "campaigns/pictures.html", {"form": form, "page": page})


@require_POST
@marketers_only
def remove(request: MarketerRequest, digest: str) -> HttpResponse:
    """Take a picture out of the library; mails that show it go on showing it."""
    if Illustration.objects.filter(picture=digest).delete()[0]:
        messages.success(request, _("The picture is no longer in the library. Messages that show it still do."))
    return redirect("campaigns:pictures")
