"""What a backup says of itself."""

import dataclasses
import json

from django.conf import settings

from awareness.web.startup import Refusal

FORMAT = 1
NAME = "manifest.json"
MEDIA = "media/"
DATABASES = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}
# Tables that come back empty. Whoever was signed out, or lost an account, would be signed in
# again; and a text that was kept for a day waits for nobody any more.
LEFT_OUT = ("django_session", "usersessions_usersession", "awareness_keptform")


def left_out():
    """With the cache, where that is in the database: limits and the like, of that hour."""
    caches = settings.CACHES.values()
    in_database = [each for each in caches if each["BACKEND"].endswith("DatabaseCache")]
    return [*LEFT_OUT, *(each["LOCATION"] for each in in_database)]


@dataclasses.dataclass
class Manifest:
    made_at: str  # ISO, UTC
    site: str  # its address
    engine: str  # as Django's vendor: sqlite or postgresql
    tools: int  # the version of PostgreSQL's that can read it; of SQLite 0
    migrations: dict  # app: the last one that was applied
    tables: dict  # name: rows
    left_out: list  # tables whose rows are not in it
    files: dict = dataclasses.field(default_factory=dict)  # name: [bytes, SHA-256]
    format: int = FORMAT

    def written(self):
        return json.dumps(dataclasses.asdict(self), indent=1).encode()

    @classmethod
    def read(cls, text):
        fields = json.loads(text)
        if fields["format"] > FORMAT:
            raise Refusal(
                "The backup is from a newer version of the site, which makes another kind of "
                "file: update the site first. Nothing was changed."
            )
        return cls(**fields)

    @property
    def moment(self):
        return self.made_at.replace("T", " ").replace("+00:00", " UTC")

    def __str__(self):
        tables, rows = len(self.tables), sum(self.tables.values())
        return f"{tables} tables, {rows:,} rows, media files: {len(self.files) - 1}"
