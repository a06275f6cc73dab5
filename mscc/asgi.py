"""For servers that speak ASGI only; WSGI is faster for us, since every view waits on a database."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mscc.settings.production")
application = get_asgi_application()
