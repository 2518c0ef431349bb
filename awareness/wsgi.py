"""The whole served thing: ``gunicorn -c deploy/gunicorn.conf.py awareness.wsgi``."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "awareness.settings")
django.setup(set_prefix=False)

from awareness.content.reading import current_generation  # noqa: E402 - once Django is ready
from awareness.errors import keep_files  # noqa: E402
from awareness.scheduler import Scheduler  # noqa: E402
from awareness.sitemaps import important_pages  # noqa: E402
from awareness.web.page_cache import Django, PageCache  # noqa: E402

scheduler = Scheduler()
application = PageCache(Django(), current_generation, important_pages(), keep_files, scheduler)
scheduler.published = application.look
