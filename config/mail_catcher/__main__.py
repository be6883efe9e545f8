"""Catch mail until told to stop: `python -m config.mail_catcher`."""

import signal
import threading

import django
from django.conf import settings

from config.embedded import mail_page_port, mail_port
from config.mail_catcher.page import mail_page_server
from config.mail_catcher.smtp import smtp_server
from config.mail_catcher.store import MailStore
from config.settings import base


def main() -> None:
    # The languages are all that it needs of Django; loading the whole site would double its start.
    settings.configure(LANGUAGE_CODE=base.LANGUAGE_CODE, LANGUAGES=base.LANGUAGES, LOCALE_PATHS=base.LOCALE_PATHS)
    django.setup()
    store = MailStore(base.VAR_DIR / "mail")
    page = mail_page_server(store, mail_page_port())
    smtp = smtp_server(store, mail_port())
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=page.shutdown).start())
    smtp.start()
    page.serve_forever()
    smtp.stop()


main()
