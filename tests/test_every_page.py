"""Pages of visitors, marketers and operators, used by everybody: on a phone and at a desk, by day and by night."""

import pytest

from tests import world
from tests.accessibility import DESK, PHONE, Complaints, problems
from tests.looking import pages_of, signed_in

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]

# Between the two languages, each page is seen in both sizes and both lights.
LOOKS = ((PHONE, "light"), (DESK, "dark"))

# A mail in its sandbox lets no script look at it; its own tests do.
MAILS = {"view_in_browser"}


@pytest.mark.parametrize("letter", "VMO")
def test_every_page_can_be_used_by_everybody(browser, site, letter):
    world.settle()
    found = []
    for shift, language in enumerate(("fr", "en")):
        with signed_in(browser, site, letter, language) as page:
            complaints = Complaints().listen(page)
            for number, (name, path) in enumerate(pages_of(letter)):
                if name in MAILS:
                    continue
                size, scheme = LOOKS[(number + shift) % 2]
                page.set_viewport_size(size)
                page.emulate_media(color_scheme=scheme)
                response = page.goto(f"{site}{path}")
                where = f"{name} {language} {size['width']} {scheme}"
                if response.status != 200:
                    found.append(f"{where}: answers {response.status}")
                found += [f"{where}: {complaint}" for complaint in complaints]
                found += [f"{where}: {problem}" for problem in problems(page)]
                complaints.clear()  # of what the looking itself provokes in frames that run no script

    assert not found, "\n".join(found)
