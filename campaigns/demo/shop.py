"""The shop: who speaks, for what purposes, in which words, and what it sells."""

from dataclasses import dataclass
from datetime import datetime

from campaigns.demo.texts import text
from consent.models import Box, Notice, Organisation, Purpose, Sender, SignupForm
from consent.publishing import publish
from consent.vocabulary import Channel
from prospects.models import Activity, Family

NAME = "Les Jardins d'Exemple"

FAMILIES = {
    "jardin": ("Jardin", "Garden"),
    "jardin/outils": ("Outils de jardin", "Garden tools"),
    "jardin/plantes": ("Plantes et semences", "Plants and seeds"),
    "cuisine": ("Cuisine", "Kitchen"),
    "ateliers": ("Ateliers", "Workshops"),
}
ACTIVITIES = {
    "paysagiste": ("Paysagiste", "Landscaping"),
    "restaurant": ("Restaurant", "Restaurant"),
    "hotel": ("Hôtel", "Hotel"),
    "fleuriste": ("Fleuriste", "Florist"),
}


@dataclass(frozen=True)
class Shop:
    """What the people of the demonstration met: purposes, notices in use, and the boxes on them."""

    newsletter: Purpose
    offers: Purpose
    letter: Notice
    catalogue: Notice

    def box(self, notice: Notice, purpose: Purpose, channel: Channel) -> Box:
        return notice.boxes.get(purpose=purpose, channel=channel)


def open_shop(*, at: datetime) -> Shop:
    """Set up everything that an administrator would, as it was on its first day."""
    Organisation.objects.update_or_create(
        pk=1,
        defaults={
            "name": NAME,
            "legal_identity": "SAS au capital de 10 000 €",
            "address": "1 rue des Essais\n75001 Paris",
            "email": "bonjour@example.test",
            "phone": "01 99 00 12 34",
            "website": "https://jardins.example.test/",
            "data_protection_contact": "dpo@example.test",
            "colour": "#2f6b3c",
        },
    )
    Sender.objects.update_or_create(address="lettre@example.test", defaults={"name": NAME, "is_default": True})
    Sender.objects.update_or_create(
        address="ateliers@example.test",
        defaults={"name": "Camille, des Jardins d'Exemple", "reply_to": "camille@example.test"},
    )
    newsletter = Purpose.objects.create(
        slug="lettre",
        name_fr="Lettre de saison",
        name_en="Seasonal letter",
        description_fr="Une fois par mois : que semer, que tailler, que cuisiner.",
        description_en="Once a month: what to sow, what to prune, what to cook.",
    )
    offers = Purpose.objects.create(
        slug="offres",
        name_fr="Offres",
        name_en="Offers",
        description_fr="Nos promotions sur les outils, les plantes et les ateliers.",
        description_en="Our discounts on tools, plants and workshops.",
    )
    Family.objects.bulk_create(Family(path=path, name_fr=fr, name_en=en) for path, (fr, en) in FAMILIES.items())
    Activity.objects.bulk_create(Activity(slug=slug, name_fr=fr, name_en=en) for slug, (fr, en) in ACTIVITIES.items())
    shop = Shop(newsletter, offers, _letter(newsletter, offers), _catalogue(offers))
    for notice in (shop.letter, shop.catalogue):
        publish(notice, at=at)
    _open_forms(shop)
    return shop


def _letter(newsletter: Purpose, offers: Purpose) -> Notice:
    notice = Notice.objects.create(
        code="lettre", information_fr=text("lettre.fr.md"), information_en=text("lettre.en.md")
    )
    Box.objects.create(
        notice=notice,
        purpose=newsletter,
        channel=Channel.EMAIL,
        label_fr=f"J'accepte de recevoir chaque mois la lettre de saison de {NAME} par e-mail.",
        label_en=f"I agree to receive the monthly seasonal letter of {NAME} by e-mail.",
        position=1,
    )
    Box.objects.create(
        notice=notice,
        purpose=offers,
        channel=Channel.EMAIL,
        label_fr=f"J'accepte de recevoir les offres de {NAME} par e-mail.",
        label_en=f"I agree to receive the offers of {NAME} by e-mail.",
        position=2,
    )
    return notice


def _catalogue(offers: Purpose) -> Notice:
    notice = Notice.objects.create(
        code="catalogue", information_fr=text("catalogue.fr.md"), information_en=text("catalogue.en.md")
    )
    Box.objects.create(
        notice=notice,
        purpose=offers,
        channel=Channel.EMAIL,
        label_fr=f"J'accepte de recevoir les offres de {NAME} par e-mail.",
        label_en=f"I agree to receive the offers of {NAME} by e-mail.",
        position=1,
    )
    Box.objects.create(
        notice=notice,
        purpose=offers,
        channel=Channel.POST,
        kind=Box.Kind.OPT_OUT,
        label_fr=f"Je ne veux pas recevoir les offres de {NAME} par courrier.",
        label_en=f"I do not want to receive the offers of {NAME} by post.",
        position=2,
    )
    return notice


def _open_forms(shop: Shop) -> None:
    SignupForm.objects.create(
        slug="lettre",
        title_fr="La lettre de saison",
        title_en="The seasonal letter",
        introduction_fr="Chaque mois : que semer, tailler, cuisiner. Et, dès aujourd'hui, le calendrier des semis.",
        introduction_en="Every month: what to sow, prune and cook. And, today, the sowing calendar.",
        notice=shop.letter,
        asks_name=True,
        resource=SignupForm.Resource.REQUEST,
        resource_title_fr="Le calendrier des semis",
        resource_title_en="The sowing calendar",
        resource_text_fr=text("calendrier.fr.md"),
        resource_text_en=text("calendrier.en.md"),
    )
    SignupForm.objects.create(
        slug="catalogue",
        title_fr="Recevoir le catalogue par courrier",
        title_en="The catalogue by post",
        introduction_fr="Quarante pages d'outils et de plantes, chez vous sous une semaine.",
        introduction_en="Forty pages of tools and plants, at your door within a week.",
        notice=shop.catalogue,
        asks_name=True,
        asks_post=True,
        resource=SignupForm.Resource.REQUEST,
        resource_title_fr="Le catalogue",
        resource_title_en="The catalogue",
        resource_text_fr="Votre catalogue part par la poste dans la semaine qui suit votre confirmation.",
        resource_text_en="Your catalogue leaves by post within a week of your confirmation.",
    )
