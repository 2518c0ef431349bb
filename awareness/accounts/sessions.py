"""How long a session lasts, where one is signed in, and how that ends.

Twelve hours after the last use a session is over. What was used last is written down every ten
minutes and not with every page, so that reading costs no writing.
"""

import time

from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session

from awareness.accounts.models import DeskLanguage

EVERY = 600  # seconds
LANGUAGE = "desk_language"  # in the session, so that no page asks the database for it
SEEN = "seen"  # in the session: when that was written last, in seconds since 1970


# What a browser says of itself, and what people call it. Most claim to be others too: the first
# that fits is meant.
BROWSERS = {"Edg": "Edge", "OPR": "Opera", "Firefox": "Firefox", "Chrome": "Chrome"}
BROWSERS |= {"CriOS": "Chrome", "FxiOS": "Firefox", "Safari": "Safari"}
MACHINES = {"Android": "Android", "iPhone": "iPhone", "iPad": "iPad", "Windows": "Windows"}
MACHINES |= {"CrOS": "Chromebook", "Mac OS": "Mac", "Linux": "Linux"}


def begin(request):
    request.session[SEEN] = int(time.time())


def begin_with_language(request, user):
    begin(request)
    if chosen := DeskLanguage.objects.filter(user=user).first():
        request.session[LANGUAGE] = chosen.code


def choose_language(request, code):
    """Of the desk, here and wherever else this account is signed in."""
    DeskLanguage.objects.update_or_create(user=request.user, defaults={"code": code})
    request.session[LANGUAGE] = code
    others = UserSession.objects.filter(user=request.user)
    for other in others.exclude(session_key=request.session.session_key or ""):
        store = SessionStore(other.session_key)
        if SEEN in store:  # it has not ended, and ends as soon as it would have
            changed = store.encode({**store.load(), LANGUAGE: code})
            Session.objects.filter(pk=other.session_key).update(session_data=changed)


def keep_awake(request):
    if time.time() - request.session.get(SEEN, 0) >= EVERY:
        begin(request)  # saving it moves the end of the session
        UserSession.objects.create_from_request(request)


def sessions_of(user):
    """Where this account is signed in, the last used first; what has ended is forgotten."""
    found = UserSession.objects.purge_and_list(user)
    return sorted(found, key=lambda session: session.last_seen_at, reverse=True)


def browser_and_machine(user_agent):
    """“Firefox, Windows”; empty when it says nothing that people know."""
    parts = [
        next((name for sign, name in names.items() if sign in user_agent), "")
        for names in (BROWSERS, MACHINES)
    ]
    return ", ".join(filter(None, parts))


def end_sessions(users, but=None):
    """Sign these accounts out everywhere, at once; ``but`` is the key of a session that stays."""
    for session in UserSession.objects.filter(user__in=users).exclude(session_key=but or ""):
        session.end()
