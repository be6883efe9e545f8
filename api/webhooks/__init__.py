"""Telling programs what happened: signed, at least once, in order for each person, never to somebody's own network."""
