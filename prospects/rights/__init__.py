"""The rights of data subjects (GDPR art. 15 to 21): asked for, proven to come from the person, granted, registered."""
