"""What the demonstration says: notices, letters, names."""

from pathlib import Path


def text(name: str) -> str:
    """Return one of the texts beside this module."""
    return (Path(__file__).parent / name).read_text(encoding="utf-8")
