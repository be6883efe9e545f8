"""Pictures that people bring: read by what they hold, drawn anew, and kept with nothing else than what they show."""

import hashlib
from io import BytesIO
from typing import NamedTuple, Protocol

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from consent.models import Picture

# SVG is none of these: it can hold scripts, and few mail readers show it.
_FORMATS = ("PNG", "JPEG", "GIF", "WEBP")
_MAX_BYTES = 10 * 1024 * 1024
_MAX_PIXELS = 40_000_000
_MAX_HEIGHT = 4_000
_JPEG_QUALITY = 82

# What Pillow raises on files that are cut short, or made to mislead.
_UNREADABLE = (OSError, SyntaxError, ValueError, EOFError, LookupError, OverflowError)


class Readable(Protocol):
    """An open file, uploaded or not."""

    def read(self, size: int, /) -> bytes: ...


class Drawing(NamedTuple):
    """A picture drawn anew: its bytes, and what they are."""

    content: bytes
    content_type: Picture.ContentType
    width: int
    height: int


def keep_picture(upload: Readable, *, max_width: int) -> Picture:
    """Keep a picture, no wider than that. Raises ValidationError, in words for who brings it, where it is none."""
    content = upload.read(_MAX_BYTES + 1)
    if len(content) > _MAX_BYTES:
        raise ValidationError(_("This picture is heavier than 10 MB. Choose a lighter one."), code="picture")
    drawing = draw_anew(content, max_width=max_width)
    return Picture.objects.get_or_create(
        digest=hashlib.sha256(drawing.content).hexdigest(),
        defaults={"size": len(drawing.content), **drawing._asdict()},
    )[0]


def draw_anew(content: bytes, *, max_width: int) -> Drawing:
    """Return what a picture shows, and nothing else of its file. Raises ValidationError, in words, where it is none."""
    drawn, content_type = _drawn_anew(content, max_width)
    width, height = drawn.size
    return Drawing(_encoded(drawn, content_type), content_type, width, height)


def _drawn_anew(content: bytes, max_width: int) -> tuple[Image.Image, Picture.ContentType]:
    """Return what a file shows, upright, at most so wide, and the format that suits it."""
    try:
        with Image.open(BytesIO(content), formats=_FORMATS) as opened:
            if opened.width * opened.height > _MAX_PIXELS:
                raise Image.DecompressionBombError
            is_photo = opened.format in ("JPEG", "WEBP")
            opened.draft(None, (2 * max_width, 2 * _MAX_HEIGHT))  # spares memory; only JPEG knows how
            opened.load()
            upright = ImageOps.exif_transpose(opened)
    except Image.DecompressionBombError as error:
        raise ValidationError(
            _("This picture has more than 40 million pixels. Choose a smaller one."), code="picture"
        ) from error
    except UnidentifiedImageError as error:
        raise ValidationError(_("This is no picture in PNG, JPEG, GIF or WebP."), code="picture") from error
    except _UNREADABLE as error:
        raise ValidationError(_("This picture cannot be read: the file is damaged."), code="picture") from error
    with_holes = upright.has_transparency_data
    plain = upright.convert("RGBA" if with_holes else "RGB")
    plain.thumbnail((max_width, _MAX_HEIGHT), Image.Resampling.LANCZOS)
    plain.info.clear()
    return plain, Picture.ContentType.JPEG if is_photo and not with_holes else Picture.ContentType.PNG


def _encoded(picture: Image.Image, content_type: Picture.ContentType) -> bytes:
    written = BytesIO()
    if content_type == Picture.ContentType.JPEG:
        picture.save(written, "JPEG", quality=_JPEG_QUALITY, optimize=True, progressive=True)
    else:
        picture.save(written, "PNG", optimize=True)
    return written.getvalue()
