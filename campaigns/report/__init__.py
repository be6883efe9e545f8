"""A campaign's report, without personal data: what it says, and the files that say it."""
