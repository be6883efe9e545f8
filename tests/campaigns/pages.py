"""What the workspace's pages say, and what its forms take."""

from campaigns.models import Campaign

Status = Campaign.Status


def text(response):
    """What a page says, on one line."""
    return " ".join(response.content.decode().split())


def written(purpose, **fields):
    return {
        "name": "Rentrée",
        "purpose": purpose.pk,
        "language": "fr",
        "subject": "Nos nouveautés",
        "format": "markdown",
        "body": "Bonjour {{ first_name | cher lecteur }}",
        "sector": "",
        **fields,
    }
