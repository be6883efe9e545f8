"""Pictures that people bring: what is kept of them, what is refused, and how they are served."""

import struct
import zlib
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.utils.translation import override
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from consent.models import Picture
from consent.pictures import keep_picture

pytestmark = pytest.mark.django_db


def drawn(size=(40, 20), mode="RGB", form="PNG", colour=None, **options):
    """Bytes of a picture in a format."""
    written = BytesIO()
    Image.new(mode, size, colour if colour is not None else 90).save(written, form, **options)
    return written.getvalue()


def brought(content, name="picture.png", kind="image/png"):
    return SimpleUploadedFile(name, content, kind)


def seen(picture):
    return Image.open(BytesIO(bytes(picture.content)))


@pytest.mark.parametrize(
    ("form", "kept"),
    [("PNG", "image/png"), ("GIF", "image/png"), ("JPEG", "image/jpeg"), ("WEBP", "image/jpeg")],
)
def test_a_picture_is_kept_in_a_format_that_every_mail_reader_shows(form, kept):
    picture = keep_picture(brought(drawn(form=form)), max_width=1200)

    assert (picture.content_type, picture.width, picture.height) == (kept, 40, 20)
    assert Image.MIME[seen(picture).format] == kept
    assert picture.size == len(picture.content)


def test_what_can_be_seen_through_stays_so():
    picture = keep_picture(brought(drawn(mode="RGBA", form="WEBP", colour=(200, 0, 0, 10))), max_width=1200)

    assert picture.content_type == "image/png"
    assert seen(picture).getpixel((0, 0))[3] == 10


def test_a_wide_picture_is_made_smaller_and_a_small_one_is_left():
    wide = keep_picture(brought(drawn((2400, 600), form="JPEG")), max_width=1200)
    small = keep_picture(brought(drawn((300, 200))), max_width=1200)

    assert (wide.width, wide.height) == (1200, 300)
    assert (small.width, small.height) == (300, 200)


def test_a_photo_stands_upright_and_tells_nothing_of_where_it_was_taken():
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x010F] = "Secret camera"
    exif.get_ifd(0x8825)[1] = "N"

    picture = keep_picture(brought(drawn((40, 20), form="JPEG", exif=exif, comment=b"secret")), max_width=1200)

    assert (picture.width, picture.height) == (20, 40)
    assert not seen(picture).getexif()
    assert b"ecret" not in bytes(picture.content)


def test_the_text_of_a_png_and_what_hides_behind_its_end_are_left_behind():
    from PIL.PngImagePlugin import PngInfo

    words = PngInfo()
    words.add_text("Comment", "secret")

    picture = keep_picture(brought(drawn(pnginfo=words) + b"<script>secret()</script>"), max_width=1200)

    assert b"secret" not in bytes(picture.content)


def test_a_picture_that_is_also_a_page_comes_out_a_picture():
    polyglot = drawn(form="GIF").replace(b"GIF87a", b"GIF89a", 1) + b"=1;/*<html><script>alert(1)</script>*/"

    picture = keep_picture(brought(polyglot, "picture.html", "text/html"), max_width=1200)

    assert picture.content_type == "image/png"
    assert b"script" not in bytes(picture.content)


def test_the_same_picture_is_kept_once_whatever_it_is_called():
    first = keep_picture(brought(drawn()), max_width=1200)
    second = keep_picture(brought(drawn(), "other.exe", "application/x-msdownload"), max_width=1200)

    assert first == second
    assert Picture.objects.count() == 1


def a_png_that_claims(width, height):
    """A few bytes that unpack to a picture of that size."""

    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 100_000))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "no picture"),
        (b"%PDF-1.7", "no picture"),
        (b"", "no picture"),
        (b"MZ\x90\x00" + b"\0" * 100, "no picture"),
        (drawn((400, 300), form="TIFF"), "no picture"),
        (drawn((400, 300), form="BMP"), "no picture"),
        (drawn((400, 300), form="JPEG")[:400], "damaged"),
        (drawn((400, 300))[:60], "damaged"),
        (a_png_that_claims(30_000, 30_000), "more than 40 million pixels"),
        (a_png_that_claims(2**31 - 1, 2**31 - 1), "more than 40 million pixels"),
        (a_png_that_claims(4_000, 4_000), "damaged"),
        (b"\x89PNG\r\n\x1a\n" + b"0" * (10 * 1024 * 1024), "heavier than 10 MB"),
    ],
    ids=[
        *("svg", "pdf", "nothing", "program", "tiff", "bmp", "cut jpeg", "cut png"),
        *("bomb", "vast bomb", "hollow", "heavy"),
    ],
)
def test_what_is_no_fit_picture_is_refused_in_words_whatever_it_calls_itself(content, words):
    with override("en"), pytest.raises(ValidationError, match=words):
        keep_picture(brought(content), max_width=1200)

    assert not Picture.objects.exists()


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    form=st.sampled_from(["PNG", "JPEG", "GIF", "WEBP"]),
    harm=st.lists(st.tuples(st.integers(0, 2000), st.binary(min_size=1, max_size=8)), max_size=6),
    length=st.integers(0, 2000),
)
def test_no_damaged_file_does_more_than_be_refused(form, harm, length):
    content = bytearray(drawn((64, 48), form=form))
    for place, bytes_ in harm:
        at = place % len(content)
        content[at : at + len(bytes_)] = bytes_
    content = bytes(content[: max(length, 8)])

    try:
        picture = keep_picture(brought(content), max_width=32)
    except ValidationError:
        return
    assert picture.width <= 32
    seen(picture).load()


def test_a_picture_is_served_to_anybody_and_runs_nothing(client):
    picture = keep_picture(brought(drawn(form="JPEG")), max_width=1200)

    response = client.get(picture.get_absolute_url())

    assert response.content == bytes(picture.content)
    assert response["Content-Type"] == "image/jpeg"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "immutable" in response["Cache-Control"]
    assert "public" in response["Cache-Control"]
    assert not response.cookies


def test_a_picture_has_one_address(client, settings):
    settings.SITE_URL = "https://maison.example.test"
    picture = keep_picture(brought(drawn()), max_width=1200)

    assert picture.address == f"https://maison.example.test/pictures/{picture.digest}.png"
    for other in (f"/pictures/{picture.digest}.jpg", f"/pictures/{'0' * 64}.png", f"/pictures/{picture.digest}.svg"):
        assert client.get(other).status_code == 404


@pytest.mark.parametrize("wrong", [{"digest": "short"}, {"width": 0}, {"size": 0}])
def test_the_database_keeps_no_picture_that_cannot_be(wrong):
    fields = {"digest": "0" * 64, "content_type": "image/png", "width": 1, "height": 1, "size": 1, "content": b"x"}

    with pytest.raises(IntegrityError), transaction.atomic():
        Picture.objects.create(**fields | wrong)
