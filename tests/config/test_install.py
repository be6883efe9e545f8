"""The installation says in one sentence what prevents it."""

import pytest

from config import install


@pytest.mark.parametrize(
    ("output", "said"),
    [
        ("OSError: [Errno 28] No space left on device", "The disk is full"),
        (
            "ERROR: Could not find a version that satisfies the requirement granian==2.8.7\n"
            "ERROR: No matching distribution found for granian==2.8.7",
            "no ready-made package of granian",
        ),
        (
            "WARNING: Retrying … Temporary failure in name resolution\n"
            "ERROR: No matching distribution found for granian==2.8.7",
            "could not be downloaded",
        ),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.", "not the one"),
        ("ERROR: something else", "something else"),
        ("", "it said nothing"),
    ],
)
def test_what_pip_says_becomes_one_sentence(output: str, said: str) -> None:
    sentence = install.reason(output)
    assert said in sentence
    assert "\n" not in sentence


def test_a_nearly_full_disk_is_refused_before_anything_is_made() -> None:
    with pytest.raises(install.Refused, match="nearly full"):
        install.check_disk(10**12)


def test_every_requirement_is_pinned_with_hashes() -> None:
    for name in (install.RUN, install.DEVELOPMENT):
        entries = (install.ROOT / name).read_text().replace("\\\n", " ").splitlines()
        wanted = [entry for entry in entries if entry.strip() and not entry.lstrip().startswith("#")]
        assert wanted
        assert all("==" in entry and "--hash=sha256:" in entry for entry in wanted)
