from celery import shared_task

from staff import accounts


@shared_task(acks_late=False)
def send_password_link(email: str, language: str) -> None:
    """Mail a new password's link, if anybody has this address. Lost with its worker it is asked for anew."""
    accounts.send_password_link(email, language)
