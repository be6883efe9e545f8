from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from staff.help import help_for, role_of, slug_of
from staff.roles import ROLES, roles_of


@require_safe
@login_required
def help_start(request: HttpRequest) -> HttpResponse:
    """Lead to the help of one's own role."""
    return redirect("help_page", slug_of((roles_of(request.user) or ROLES)[0]))


@require_safe
@login_required
def help_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Say what a role may do. Whoever works here may read about the others."""
    role = role_of(slug)
    if role is None:
        raise Http404
    is_theirs = role in roles_of(request.user) or bool(getattr(request.user, "is_superuser", False))
    context = {
        "role": role,
        "text": help_for(role, "en" if get_language() == "en" else "fr", with_links=is_theirs),
        "roles": [(slug_of(one), one.title) for one in ROLES],
        "slug": slug,
    }
    return render(request, "staff/help.html", context)
