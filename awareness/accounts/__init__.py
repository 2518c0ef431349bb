"""Who gets in: how staff sign in, with what, and when their sessions end.

django-allauth does the work; here stands what this site asks of it.
"""
