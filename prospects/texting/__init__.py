"""Texts to phones: how long they are, and the gateways that take them."""
