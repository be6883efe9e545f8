"""The marketers' pages. None shows a contact detail."""
