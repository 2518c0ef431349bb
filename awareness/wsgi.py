"""The whole served thing: ``gunicorn -c deploy/gunicorn.conf.py awareness.wsgi``."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "awareness.settings")
django.setup(set_prefix=False)

from awareness.errors import keep_files  # noqa: E402 - once Django is ready
from awareness.pagecache import Django, PageCache  # noqa: E402
from awareness.sitemaps import important_pages  # noqa: E402

application = PageCache(Django(), important_pages(), keep_files)
