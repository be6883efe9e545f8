from celery import shared_task

from staff import accounts


@shared_task(acks_late=False)
def send_password_links(numbers: list[int], language: str) -> None:
    """Mail a new password's link to these accounts, none included. Lost with its worker it is asked for anew."""
    accounts.send_password_links(numbers, language)
