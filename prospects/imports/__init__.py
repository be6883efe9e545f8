"""Spreadsheets come in: read, mapped, normalised, joined to known people, loaded by the batch, reported, undone."""
