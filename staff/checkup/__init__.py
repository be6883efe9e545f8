"""The check page: what this installation stands on, each line with what was seen and how to mend it."""
