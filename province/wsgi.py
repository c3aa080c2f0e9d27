"""The WSGI application (gunicorn in production, waitress in practice); refuses to load where nothing was founded."""

from __future__ import annotations

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from inspector_app.errors import StationError

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "province.settings")
if not settings.FOUNDED:
    raise StationError("province.not_founded", folder=str(settings.FOLDER))
application = get_wsgi_application()
