"""What may still hold an address outside the tables of people, once the person is erased."""

from collections.abc import Collection

from django.conf import settings

from config.mail_catcher.store import MailStore


def erase_caught_mails(addresses: Collection[str]) -> None:
    """Erase the mails to these addresses that the local mail catcher shows, where there is one."""
    folder = settings.VAR_DIR / "mail"
    if folder.is_dir():
        MailStore(folder).forget(addresses)
