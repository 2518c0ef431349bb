"""One file that holds all that the site keeps, and the way back from it.

make.py makes one and restore.py puts one back; archive.py is the file itself, encryption.py its
encryption, sqlite.py and postgres.py the database in it. shelf.py is the folder of them, lock.py
knows who else is at work, swap.py exchanges the old for the new (docs/decisions/0011-backup.md).
"""
