"""The pages of whoever works here, beside those of their work."""
