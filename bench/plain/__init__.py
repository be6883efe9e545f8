"""What the public form is measured beside: a Django project as `startproject` makes it, and less than that."""
