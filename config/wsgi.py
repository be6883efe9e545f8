"""The WSGI application that the web server runs."""

from django.core.wsgi import get_wsgi_application

from config.settings import choose_settings

choose_settings()
application = get_wsgi_application()
