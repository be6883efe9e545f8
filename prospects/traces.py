"""What may still hold an address outside the tables of people, once the person is erased."""

from collections.abc import Collection

from django.conf import settings

from config.mail_catcher.store import MailStore
from prospects.imports.uploads import erase_uploads_naming


def erase_traces(addresses: Collection[str]) -> None:
    """Erase the files brought that name one of these addresses, and the mails that the local catcher caught."""
    erase_uploads_naming(addresses)
    folder = settings.VAR_DIR / "mail"
    if folder.is_dir():
        MailStore(folder).forget(addresses)
