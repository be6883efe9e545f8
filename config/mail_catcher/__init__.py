"""The local mail catcher: an SMTP server that delivers nothing, and a page that shows what it caught."""
