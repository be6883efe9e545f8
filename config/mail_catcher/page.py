"""The page that shows the caught mails, in French or English, on a port and therefore an origin of its own.

A mail's HTML is shown in a frame without scripts or forms; its links open in a new tab.
"""

from email.message import EmailMessage
from html import escape
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext, override
from django.utils.translation.trans_real import parse_accept_lang_header

from config.mail_catcher.store import MailStore

LISTED = 100
NO_SCRIPTS = "default-src 'none'; style-src 'unsafe-inline'; img-src data: http: https:; frame-src 'self'"
SANDBOX = "sandbox allow-popups allow-popups-to-escape-sandbox; " + NO_SCRIPTS

STYLE = """
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
table { border-collapse: collapse; width: 100% }
th, td { text-align: left; padding: .4rem .6rem; border-bottom: 1px solid #8884; overflow-wrap: anywhere }
pre { white-space: pre-wrap; overflow-wrap: anywhere; padding: 1rem; border: 1px solid #8884 }
iframe { width: 100%; height: 40rem; border: 1px solid #8884; background: white }
"""


def mail_page_server(store: MailStore, port: int) -> ThreadingHTTPServer:
    """Give the page's server, for this machine only, already listening."""

    class Handler(PageHandler):
        mails = store

    return ThreadingHTTPServer(("127.0.0.1", port), Handler)


class PageHandler(BaseHTTPRequestHandler):
    """Answers with the list of mails, one mail, or one mail's HTML."""

    mails: MailStore

    def do_GET(self) -> None:
        # A site elsewhere could otherwise read the mails through a host name that leads here.
        if urlsplit(f"//{self.headers['Host']}").hostname not in {"localhost", "127.0.0.1"}:
            self.send_error(HTTPStatus.FORBIDDEN)
            return
        name, _, part = self.path.strip("/").partition("/")
        with override(_language(self.headers.get("Accept-Language", ""))):
            if not name:
                self._answer(self._list())
            elif (mail := self.mails.read(name)) is None:
                self.send_error(HTTPStatus.NOT_FOUND)
            elif part == "html":
                self._answer(_body(mail, "html"), policy=SANDBOX)
            else:
                self._answer(_page(mail["Subject"] or "", _mail(name, mail)))

    def _list(self) -> str:
        rows = []
        for name in reversed(self.mails.names()[-LISTED:]):
            if mail := self.mails.read(name):
                subject = mail["Subject"] or gettext("(no subject)")
                link = f'<a href="/{name}">{escape(subject)}</a>'
                cells = (escape(mail["X-Envelope-To"] or ""), link, escape(mail["Date"] or ""))
                rows.append("<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>")
        heads = "".join(f"<th scope=col>{head}</th>" for head in (gettext("To"), gettext("Subject"), gettext("Date")))
        table = f"<table><thead><tr>{heads}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
        # Texts stand outside f-strings: gettext does not look for them inside.
        nothing = gettext("No mail yet.")
        return _page(gettext("Caught mail"), table if rows else f"<p>{nothing}</p>")

    def _answer(self, content: str, *, policy: str = NO_SCRIPTS) -> None:
        body = content.encode()
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", policy)
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: object) -> None:
        """Log nothing: the page's addresses are of no interest."""


def _language(accepted: str) -> str:
    """Give the language that the browser prefers, of those there are."""
    wanted = [code.split("-")[0] for code, _weight in parse_accept_lang_header(accepted)]
    return next((code for code in wanted if code in dict(settings.LANGUAGES)), settings.LANGUAGE_CODE)


def _page(title: str, content: str) -> str:
    return (
        f"<!doctype html><meta charset=utf-8><meta name=viewport content='width=device-width'>"
        f"<title>{escape(title)}</title><style>{STYLE}</style><h1>{escape(title)}</h1>{content}"
    )


def _mail(name: str, mail: EmailMessage) -> str:
    headers = "".join(
        f"<tr><th scope=row>{escape(header)}</th><td>{escape(str(value))}</td></tr>" for header, value in mail.items()
    )
    back, text = gettext("All mails"), gettext("Text")
    shown = f'<p><a href="/">{back}</a></p><table>{headers}</table>'
    shown += f"<h2>{text}</h2><pre>{_with_links(_body(mail, 'plain'))}</pre>"
    if _body(mail, "html"):
        title = escape(gettext("The mail's HTML"))
        shown += f"<h2>HTML</h2><iframe sandbox='allow-popups allow-popups-to-escape-sandbox' title=\"{title}\" "
        shown += f'src="/{name}/html"></iframe>'
    return shown


def _with_links(text: str) -> str:
    words = (
        f'<a href="{escape(word)}" rel="noreferrer" target="_blank">{escape(word)}</a>'
        if word.startswith(("http://", "https://"))
        else escape(word)
        for word in text.replace("\n", " \n ").split(" ")
    )
    return " ".join(words).replace(" \n ", "\n")


def _body(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body(preferencelist=(kind,))
    if part is None:
        return ""
    content: str = part.get_content()
    return f'<base target="_blank">{content}' if kind == "html" else content
