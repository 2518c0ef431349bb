"""What a backup says of itself, and how that is read without believing it."""

import dataclasses
import json

from django.conf import settings

from awareness.web.startup import Refusal

FORMAT = 1
NAME = "manifest.json"
MEDIA = "media/"
# Tables that come back empty. Whoever was signed out, or lost an account, would be signed in
# again; and a text that was kept for a day waits for nobody any more.
LEFT_OUT = ("django_session", "usersessions_usersession", "awareness_keptform")


def left_out():
    """With the cache, where that is in the database: limits and the like, of that hour."""
    caches = [
        cache["LOCATION"]
        for cache in settings.CACHES.values()
        if cache["BACKEND"].endswith("DatabaseCache")
    ]
    return [*LEFT_OUT, *caches]


@dataclasses.dataclass
class Manifest:
    made_at: str  # ISO, UTC
    site: str  # its address
    engine: str  # sqlite or postgresql
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
        """Anything but a Refusal that comes of it means that it is no manifest of ours."""
        said = json.loads(text)
        if int(said["format"]) > FORMAT:
            raise Refusal(
                "The backup is from a newer version of the site, which makes another kind of "
                "file: update the site first. Nothing was changed."
            )
        manifest = cls(**said)
        manifest.made_at, manifest.site = str(manifest.made_at), str(manifest.site)
        manifest.tools = int(manifest.tools)
        manifest.tables = {str(name): int(rows) for name, rows in manifest.tables.items()}
        files = manifest.files.items()
        manifest.files = {str(name): [int(size), str(sha)] for name, (size, sha) in files}
        manifest.migrations = {str(app): str(name) for app, name in manifest.migrations.items()}
        return manifest

    @property
    def moment(self):
        return self.made_at.replace("T", " ").replace("+00:00", " UTC")

    @property
    def database(self):
        """The name of the file that holds the database."""
        return next(name for name in self.files if not name.startswith(MEDIA))

    @property
    def media(self):
        return [name for name in self.files if name.startswith(MEDIA)]

    def __str__(self):
        rows = sum(self.tables.values())
        return f"{len(self.tables)} tables, {rows:,} rows, media files: {len(self.media)}"
