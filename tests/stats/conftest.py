from hypothesis import settings

from tests.starter import starter  # noqa: F401 - a fixture

settings.register_profile("busy machine", deadline=None)
settings.load_profile("busy machine")
