"""What a backup says of itself, and how that is read without believing it."""

import dataclasses
import json

from awareness.startup import Refusal

FORMAT = 1
NAME = "manifest.json"
MEDIA = "media/"


@dataclasses.dataclass
class Manifest:
    made_at: str  # ISO, UTC
    site: str  # its address
    engine: str  # sqlite or postgresql
    server: int  # the version of PostgreSQL, of SQLite 0
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
        manifest.tables = {str(name): int(rows) for name, rows in manifest.tables.items()}
        files = manifest.files.items()
        manifest.files = {str(name): [int(size), str(sha)] for name, (size, sha) in files}
        manifest.migrations = {str(app): str(name) for app, name in manifest.migrations.items()}
        return manifest

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
