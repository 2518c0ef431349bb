"""Encrypted for keys that are elsewhere, in the format of `age`."""

import gzip
import shutil

import pyrage
import pytest

from tests.backup.places import tree
from tests.backup.test_refused import each


@pytest.fixture
def keys(tmp_path):
    """{whose: (the public key, the path of the file with the other half)}"""
    made = {}
    for whose in ("director", "helper", "stranger"):
        key = pyrage.x25519.Identity.generate()
        file = tmp_path / f"{whose}.txt"
        file.write_text(f"# created: today\n# public key: {key.to_public()}\n{key}\n\n")
        made[whose] = (str(key.to_public()), file)
    return made


def test_an_encrypted_one_opens_with_either_key_and_with_no_other(place, keys, tmp_path):
    kept = place.all()
    recipients = f"{keys['director'][0]}, {keys['helper'][0]}"
    path = place.backup(BACKUP_RECIPIENT=recipients)
    assert path.name.endswith(".tar.gz.age")
    for whose in ("director", "helper"):
        shutil.rmtree(place.media)
        place.file.unlink()
        place.restore(path, "--identity", keys[whose][1])
        assert place.all() == kept
    before = tree(place.folder)
    wrong = keys["stranger"][1]
    assert place.refused("restore", path, "--overwrite", "yes", "--identity", wrong) == (
        "The key does not open this backup: it was made for another one. Nothing was changed."
    )
    assert place.refused("restore", path, "--overwrite", "yes").startswith(
        "The backup is encrypted: name the file with its key"
    )
    assert tree(place.folder) == before
    # It is the format of age, and holds the plain backup, which somebody may have packed again.
    key = pyrage.x25519.Identity.from_str(keys["director"][1].read_text().splitlines()[2])
    plain = tmp_path / "plain.tar.gz"
    plain.write_bytes(gzip.compress(gzip.decompress(pyrage.decrypt(path.read_bytes(), [key]))))
    place.restore(plain, "--overwrite", "yes")
    assert place.all() == kept


def test_a_key_file_that_is_none_is_refused(untouched, backup, tmp_path):
    texts = [b"AGE-SECRET-KEY-1WRONG", b"", b"\xff\xfe"]
    files = [tmp_path / f"{n}.txt" for n in range(len(texts))]
    for file, text in zip(files, texts, strict=True):
        file.write_bytes(text)
    none = tmp_path / "none"
    said = each(untouched, [[backup, "--identity", file] for file in (*files, none)])
    assert said == [
        *(
            f"{file} holds no key that `age-keygen` made: its line starts with AGE-SECRET-KEY-."
            for file in files
        ),
        f"The key file {none} cannot be read (No such file or directory).",
    ]
