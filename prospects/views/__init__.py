"""What a visitor of the website meets, and how staff bring people in."""

from prospects.views.challenge import challenge
from prospects.views.change_address import ask_to_change_address, change_address
from prospects.views.confirm import confirm
from prospects.views.exports import export, exports
from prospects.views.form_preview import form_checks, form_preview
from prospects.views.home import home
from prospects.views.imports import (
    import_lines,
    import_progress,
    import_refused,
    import_step,
    imports,
    one_import,
)
from prospects.views.keep import keep
from prospects.views.my_data import my_data
from prospects.views.preferences import fresh_link, preferences_page
from prospects.views.requests import act_on_request, enter_request, one_request, requests
from prospects.views.rights import rights, rights_file, rights_link, rights_stop
from prospects.views.signup import carry, embedded, embedded_thanks, resource, signup, thanks
from prospects.views.stop import stop, stop_all

__all__ = [
    "act_on_request",
    "ask_to_change_address",
    "carry",
    "challenge",
    "change_address",
    "confirm",
    "embedded",
    "embedded_thanks",
    "enter_request",
    "export",
    "exports",
    "form_checks",
    "form_preview",
    "fresh_link",
    "home",
    "import_lines",
    "import_progress",
    "import_refused",
    "import_step",
    "imports",
    "keep",
    "my_data",
    "one_import",
    "one_request",
    "preferences_page",
    "requests",
    "resource",
    "rights",
    "rights_file",
    "rights_link",
    "rights_stop",
    "signup",
    "stop",
    "stop_all",
    "thanks",
]
