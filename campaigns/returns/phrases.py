"""French and English phrases by which people ask to stop, and subjects of automatic answers."""

import re
import unicodedata
from enum import Enum, auto


class Stop(Enum):
    """Whether a reply asks to stop."""

    YES = auto()
    PERHAPS = auto()
    NO = auto()


_CLEARLY = re.compile(
    r"""^\W*stop\W*$
    | \b(me|nous)\s+des(in|a)(s|b)\w*ri\w+ | \bdesabonn\w* | \bdesinscri\w*
    | \bne\s+((veux|souhaite|desire)\s+)?plus\b.{0,40}\b(recevoir|ecri\w+|contact\w+|envoy\w+|sollicit\w+)
    | \b(arretez|cessez)\b.{0,40}\b(mail|mails|e-mails?|courriels?|envo\w+|ecri\w+|message\w*|harcel\w+|contact\w+)
    | \b(retirez|supprimez|enlevez|rayez)\b.{0,40}\b(liste\w*|adresse|coordonnees|fichiers?|donnees|base)
    | \bunsubscribe\b | \bopt(\s|-)?out\b
    | \b(take|remove)\s+me\b | \b(remove|delete)\s+my\s+(address|e-?mail|data|details)
    | \b(stop|cease)\s+(e-?mailing|mailing|sending|contacting|writing|spamming|these)\b
    | \b(do\s+not|don'?t|never)\s+(e-?mail|contact|write|send|message)\b
    | \bno\s+(more|longer)\b.{0,30}\b(e-?mails?|messages?|newsletters?|wish|want)
    """,
    re.VERBOSE | re.MULTILINE,
)
_PERHAPS = re.compile(
    r"\b(stop|arret\w*|cess\w*|spam\w*|rgpd|gdpr|cnil|plainte|complain\w*|avocat|lawyer|harcel\w*|oppos\w+"
    r"|remove|supprim\w*|effac\w*|delete|plus\s+(de\s+)?(mails?|courriels?|publicites?)|pas\s+interess\w*"
    r"|not\s+interested|d'?ou\s+(avez|tenez)|where\s+did\s+you\s+get)\b"
)
_AUTOMATIC = re.compile(
    r"^(re:\s*|aw:\s*)?(out\s+of\s+(the\s+)?office|automatic\s+repl|auto(matic)?[-\s]?(reply|response)|absence\b"
    r"|absent\b|reponse\s+automatique|message\s+d'?absence|vacation\b|conges?\b|i\s+am\s+away|accuse\s+de\s+reception)"
)
# Where the quoted mail begins: its words are ours.
_QUOTED = re.compile(
    r"^(>|-{2,}\s*(original\s+message|message\s+d'?origine)|_{5,}|on\b.{5,100}\bwrote:|le\b.{5,100}\ba\s+ecrit)",
    re.MULTILINE,
)


def wants_to_stop(text: str) -> Stop:
    """Say whether what a person wrote, without what it quotes, asks to stop."""
    own = _plain(text)
    quoted = _QUOTED.search(own)
    if quoted:
        own = own[: quoted.start()]
    if _CLEARLY.search(own):
        return Stop.YES
    return Stop.PERHAPS if _PERHAPS.search(own) else Stop.NO


def automatic_subject(subject: str) -> bool:
    """Say whether a subject is that of an automatic answer."""
    return bool(_AUTOMATIC.search(_plain(subject)))


def _plain(text: str) -> str:
    """Lower case, without accents or typographic quotes."""
    decomposed = unicodedata.normalize("NFKD", text.replace("’", "'"))
    return "".join(c for c in decomposed if not unicodedata.combining(c)).lower()
