"""The program interface: what an organisation's own shop, website and tools may ask of Loyal, and no more."""
