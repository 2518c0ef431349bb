from tests.starter import starter  # noqa: F401 - a fixture
