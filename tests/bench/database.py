"""A database in memory with the starter content, for the parts that need no server."""

import contextlib
import io


@contextlib.contextmanager
def starter_content():
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.test.utils import (
        setup_databases,
        setup_test_environment,
        teardown_databases,
        teardown_test_environment,
    )

    setup_test_environment()
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    databases = setup_databases(verbosity=0, interactive=False)
    try:
        call_command("load_starter", stdout=io.StringIO())
        yield
    finally:
        teardown_databases(databases, verbosity=0)
        teardown_test_environment()
