"""One page of help per role and language, in Markdown; a link to a page of Loyal is written `page:name-of-the-page`."""

import re
from pathlib import Path

from django.urls import reverse
from django.utils.safestring import SafeString

from consent.markdown import to_html
from staff.roles import ROLES, Role

_FOLDER = Path(__file__).parent
_LINK = re.compile(r"\[([^]]+)\]\(page:([\w:-]+)\)")


def slug_of(role: Role) -> str:
    return role.name.lower().replace(" ", "-")


def role_of(slug: str) -> Role | None:
    return next((role for role in ROLES if slug_of(role) == slug), None)


def help_for(role: Role, language: str, *, with_links: bool) -> SafeString:
    """Return the help of a role in one of Loyal's languages; without links for whoever would be refused there."""
    text = (_FOLDER / f"{slug_of(role)}.{language}.md").read_text()
    return to_html(_LINK.sub(lambda link: f"[{link[1]}]({reverse(link[2])})" if with_links else link[1], text))
