"""Who keeps the keys of programs."""

KEEP_KEYS = "api.keep_keys"
