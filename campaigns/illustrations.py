"""The library of pictures that marketers pick from."""

from pathlib import PurePath

from django.contrib.auth.models import User
from django.core.files.base import File
from django.utils import timezone

from campaigns.models import Illustration
from consent.pictures import keep_picture

MAX_WIDTH = 1200  # a mail is 600 pixels wide, and screens may draw two for one
SHOWN = 24  # the newest, where a section picks one


def add(upload: "File[bytes]", *, by: User) -> Illustration:
    """Put a picture into the library; brought again, it comes first again."""
    picture = keep_picture(upload, max_width=MAX_WIDTH)
    name = PurePath(upload.name or "").stem[:200] or str(picture)
    return Illustration.objects.update_or_create(
        picture=picture, defaults={"name": name, "added_by": by, "added_at": timezone.now()}
    )[0]


def newest() -> list[Illustration]:
    """The pictures that a section offers, without their bytes."""
    return list(Illustration.objects.select_related("picture").defer("picture__content")[:SHOWN])
