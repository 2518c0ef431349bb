"""Whether what the public can press leads anywhere: every address in both apps' content.

places.py finds the addresses, elsewhere.py asks other sites, check.py asks all and keeps what was
found (models.py), cards.py shows it on the desk's first page.
"""
