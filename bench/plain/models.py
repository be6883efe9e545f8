from django.db import models


class Contact(models.Model):
    first_name = models.CharField(max_length=100, blank=True)
    last_name = models.CharField(max_length=100, blank=True)
    email = models.EmailField(unique=True)
    phone = models.CharField(max_length=40, blank=True)

    def __str__(self) -> str:
        return self.email


class Consent(models.Model):
    contact = models.ForeignKey(Contact, models.CASCADE)
    newsletter = models.BooleanField(default=False)
    calls = models.BooleanField(default=False)
    given_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.contact} {self.given_at:%Y-%m-%d}"
