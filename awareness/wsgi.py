"""The whole served thing: ``gunicorn -c deploy/gunicorn.conf.py awareness.wsgi``."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "awareness.settings")
django = get_wsgi_application()

from awareness.pagecache import PageCache  # noqa: E402 - once Django is ready
from awareness.sitemaps import important_pages  # noqa: E402

application = PageCache(django, important_pages())
