"""One file that holds all that the site keeps, and the way back from it.

make.py makes one and restore.py puts one back; archive.py is the file itself, sealed.py its
encryption, sqlite.py and postgres.py the database in it. shelf.py is the folder of them, in_use.py
knows who else is at work, journal.py swaps the old for the new (docs/decisions/0011-backup.md).
"""
