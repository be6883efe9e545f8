"""Campaigns by text, SMS and MMS: their words, how they go out, what comes back."""
