"""No lost work: what is sent after a session has ended, and what is typed where it cannot become a
draft, stays here until it is saved.

``keep()`` takes it, ``take()`` finds it, and the form opens with it (kept_form.py) until it is
saved or thrown away.

Whose it is stands in a signed cookie that the site hands to staff with each form: a secret of the
browser, and the account. It outlives the session, which is the point, and opens nothing. So a
visitor without an account can neither keep a text nor find one, and another account on the same
browser does not see it.
"""

import contextlib
import datetime
import secrets
from base64 import urlsafe_b64encode
from typing import NamedTuple

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.options import IS_POPUP_VAR, TO_FIELD_VAR
from django.contrib.auth import get_user_model
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from awareness.desk.base import model_admins, without_list
from awareness.desk.models import KeptForm
from awareness.desk.presence import others_here

COOKIE = "kept"
COOKIE_AGE = settings.SESSION_COOKIE_AGE  # seconds; no session that it outlives lasts longer
SALT = "awareness.desk.kept"
LIFE = datetime.timedelta(days=1)
MOST_BYTES = 1024 * 1024
MOST_ROWS = 200
MOST_OF_ONE_FORM = 5  # two tabs with the same empty form are two texts

MARK = "_kept"  # in the form: which text stands in it
AUTOSAVE = "_autosave"  # sent while somebody types
HERE = "_here"  # sent while somebody has it open
THROW_AWAY = "_throw_away"
# A button's name starts with "_" and says what to do, which nobody may do in your place.
WITH_UNDERSCORE = ("_seen", "_overtaken", "_number", "_note", "_when", IS_POPUP_VAR, TO_FIELD_VAR)

SIGNED_OUT = _(
    "You were signed out. Sign in, and your text will be back in the form; "
    "it has not been saved yet."
)
TYPED_SIGNED_OUT = _(
    "You were signed out. What you typed is kept: sign in again in another tab, then go on here."
)
TYPED = _("Kept for you. Press Save so that others see it.")
TOO_LONG = _("This is too long to be saved by itself. Press the button.")
THROWN_AWAY = _("Your earlier text was discarded.")


class Owner(NamedTuple):
    account: str  # its number
    browser: str  # a secret

    def tokens(self, path, query):
        """One for each text that the form at this address may have, whatever list it was opened
        from. The database alone does not tell whose."""
        where = f"{self.account} {path} {without_list(query)}"
        digests = [
            salted_hmac(f"{SALT} {self.browser}", f"{n} {where}", algorithm="sha256").digest()
            for n in range(MOST_OF_ONE_FORM)
        ]
        return [urlsafe_b64encode(digest).decode().rstrip("=") for digest in digests]


def owner_of(request):
    """Who is signed in, or else was on this browser; None for anybody not on the staff."""
    cookie = request.get_signed_cookie(COOKIE, default="", salt=SALT, max_age=COOKIE_AGE)
    account, _dot, browser = cookie.partition(".")
    if is_staff(request.user):
        return Owner(str(request.user.pk), browser or secrets.token_urlsafe(16))
    staff = get_user_model().objects.filter(is_active=True, is_staff=True)
    if browser and request.user.is_anonymous and staff.filter(pk=account).exists():
        return Owner(account, browser)
    return None


def is_staff(user):
    return user.is_active and user.is_staff


def hand_out(response, owner):
    """The cookie by which this browser is known again when its session has ended."""
    response.set_signed_cookie(
        COOKIE,
        f"{owner.account}.{owner.browser}",
        salt=SALT,
        max_age=COOKIE_AGE,
        path=reverse("admin:index"),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def form_of(request):
    """The admin whose form has this address, if a kept text can show in it again; else None."""
    match = getattr(request, "resolver_match", None)
    if match is None or match.namespaces != [admin.site.name]:
        return None
    for desk in model_admins(admin.site).values():
        name = f"{desk.opts.app_label}_{desk.opts.model_name}_"
        if match.url_name in {f"{name}{view}" for view in getattr(desk, "kept_views", ())}:
            return desk
    return None


# --- Keeping and finding -----------------------------------------------------------


def keep(request, owner, at=None, seen=None):
    """Keep what was sent to this form for its owner. None: there is nothing to keep, or too much.
    ``seen``: what the form has seen since it was sent, with the draft that it saved.

    The oldest go when there are too many; files are not kept.
    """
    at = at or timezone.now()
    sent = worth_keeping(request.POST)
    sent |= {name: [value] for name, value in (seen or {}).items()}
    if not sent or int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES:
        return None
    there = texts(request, owner)
    tokens = owner.tokens(request.path, request.GET.urlencode())
    free = [token for token in tokens if token not in {text.token for text in there}]
    same = marked(request, there)
    token = same.token if same else (free[0] if free else there[-1].token)
    text, _new = KeptForm.objects.update_or_create(
        token=token, defaults={"path": request.path[:300], "data": sent, "at": at}
    )
    drop_old(at)
    return text


def worth_keeping(sent):
    """{name: [value]} of what somebody typed. PostgreSQL stores no NUL."""
    return {
        name.replace("\0", ""): [value.replace("\0", "") for value in values]
        for name, values in sent.lists()
        if name != "csrfmiddlewaretoken"
        and "password" not in name.lower()
        and (not name.startswith("_") or name.startswith(WITH_UNDERSCORE))
    }


def drop_old(at=None):
    """No text stays longer than a day."""
    KeptForm.objects.filter(at__lt=(at or timezone.now()) - LIFE).delete()
    too_many = KeptForm.objects.order_by("-at", "-pk").values_list("pk", flat=True)[MOST_ROWS:]
    KeptForm.objects.filter(pk__in=list(too_many)).delete()


def texts(request, owner, at=None):
    """What this owner has in this form, the newest first."""
    young = KeptForm.objects.filter(at__gte=(at or timezone.now()) - LIFE)
    tokens = owner.tokens(request.path, request.GET.urlencode())
    return list(young.filter(token__in=tokens).order_by("-at", "-pk"))


def forget(request, address):
    """Its draft was discarded: nor is what was kept beside it wanted."""
    path, _mark, query = address.partition("?")
    KeptForm.objects.filter(token__in=owner_of(request).tokens(path, query)).delete()


def marked(request, there):
    """The one of these texts that stood in the form that was sent."""
    mark = request.POST.get(THROW_AWAY) or request.POST.get(MARK)
    return next((text for text in there if str(text.pk) == mark), None)


def take(request):
    """The text that belongs into the form that is opened now, or stood in the one just sent."""
    if not is_staff(request.user) or (request.method == "POST" and not request.POST.get(MARK)):
        return None
    there = texts(request, owner_of(request))
    return marked(request, there) if request.method == "POST" else next(iter(there), None)


# --- Where a session has ended ------------------------------------------------------


def keep_forms(get_response):
    """After Django's own middleware, whose check of the form's token has passed by then."""

    def middleware(request):
        response = get_response(request)
        opened = request.method == "GET" and response.status_code == 200 and form_of(request)
        if opened and is_staff(request.user):
            hand_out(response, owner_of(request))
        return response

    def process_view(request, view, args, kwargs):
        if request.method != "POST" or not form_of(request):
            return None
        if HERE in request.POST:
            return say_who_is_here(request)
        if AUTOSAVE in request.POST and not saves_itself(request):
            return keep_typed(request)
        if THROW_AWAY in request.POST and is_staff(request.user):
            if text := marked(request, texts(request, owner_of(request))):
                text.delete()
            messages.success(request, THROWN_AWAY)
            return HttpResponseRedirect(request.get_full_path())
        # With a database that is gone the view itself says so.
        with contextlib.suppress(DatabaseError):
            return to_sign_in(request) if request.user.is_anonymous else None

    middleware.process_view = process_view
    return middleware


def say_who_is_here(request):
    desk = form_of(request)
    if not is_staff(request.user):
        return HttpResponse(status=204)  # asked every ten seconds: nobody is told each time
    if not (desk.has_view_or_change_permission(request) or desk.has_add_permission(request)):
        raise PermissionDenied
    return JsonResponse({"here": others_here(request)})


def saves_itself(request):
    """Whether what is typed there becomes a draft: awareness/desk/autosave.py."""
    is_screen = request.resolver_match.url_name.endswith(("_add", "_change"))
    return is_staff(request.user) and is_screen and hasattr(form_of(request), "saves_itself")


def keep_typed(request, has_token=True):
    """Answers static/desk/autosave.js. 202: it is kept, but the form can only be sent by whoever
    has signed in, with a new token."""
    owner = owner_of(request)
    if owner is None:
        return HttpResponse(status=401)
    text = keep(request, owner)
    if text is None:
        return JsonResponse({"message": TOO_LONG}, status=413)
    is_in = has_token and is_staff(request.user)
    if not is_in:
        return JsonResponse({"message": TYPED_SIGNED_OUT, "kept": text.pk}, status=202)
    return JsonResponse({"message": TYPED, "kept": text.pk, "here": others_here(request)})


def to_sign_in(request):
    """The way to sign in, if the text was kept."""
    owner = owner_of(request)
    if owner is None or not keep(request, owner):
        return None
    messages.warning(request, SIGNED_OUT)
    return redirect_to_login(request.get_full_path(), reverse("admin:login"))


def rescue(request):
    """Where to go on with a form whose token is of an earlier session; None: it is refused.

    The token has not shown that the form is ours, so the browser must say so: a page of another
    site could otherwise put its own text into somebody's form.
    """
    ours = request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"
    if not ours or request.method != "POST" or not form_of(request):
        return None
    with contextlib.suppress(DatabaseError):
        if AUTOSAVE in request.POST:
            return keep_typed(request, has_token=False)
        if request.user.is_anonymous:
            return to_sign_in(request)
        owner = owner_of(request)
        if owner and keep(request, owner):
            response = HttpResponseRedirect(request.get_full_path())
            hand_out(response, owner)
            return response
