"""How a consent was given elsewhere, and whether it counts as it is."""

# Said or signed face to face, or confirmed on the other side already.
_FIRST_HAND = frozenset(
    [
        *("paper", "papier", "bulletin papier", "signature", "signed", "signé"),
        *("in person", "en personne", "oral", "à l'oral", "by phone", "par téléphone"),
        *("double opt-in", "double opt in", "double optin", "confirmed", "confirmé"),
    ]
)


def is_first_hand(how: str) -> bool:
    """Say whether a consent given this way counts without a confirmation; one that nobody knows does not."""
    return how.strip().casefold() in _FIRST_HAND
