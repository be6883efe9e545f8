"""What may be asked, by subject."""
