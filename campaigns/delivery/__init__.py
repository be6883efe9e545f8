"""Claim, compose, send, record: the one place that sends."""
