"""The local ports: the site's from PORT, the others beside it, so that two installations with two PORTs never meet."""

import os


def web_port() -> int:
    """The site's own port."""
    return int(os.environ.get("PORT", "8000"))


def mail_page_port() -> int:
    """The port of the page that shows the caught mails."""
    return int(os.environ.get("MAIL_PAGE_PORT", web_port() + 25))


def mail_port() -> int:
    """The port on which the local mail catcher speaks SMTP."""
    return int(os.environ.get("MAIL_PORT", web_port() + 26))
