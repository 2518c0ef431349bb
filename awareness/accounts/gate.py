"""Who may go on to the staff's pages: asked before each of them."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from awareness.accounts.second_step import HAS, has_second_step
from awareness.accounts.sessions import LANGUAGE, keep_awake
from awareness.web.headers import is_staff_path

# By DELETE, Django's own views delete at once: without the mail, the line in the audit list and
# the other consequences that ours see to.
METHODS = ("GET", "HEAD", "POST")

ENDED = gettext_lazy(
    "You are signed out. Your session was not used for twelve hours, someone ended it, or your"
    " account changed. Sign in again to continue."
)


def gate(get_response):
    """After Django's and allauth's own middleware."""

    def middleware(request):
        if not is_staff_path(request.path_info):
            return get_response(request)
        if request.method not in METHODS:
            return HttpResponseNotAllowed(METHODS)
        with desk_language(request):
            return way_out_for(request) or say_why(request, get_response(request))

    return middleware


def is_desk(request):
    return request.path_info.startswith(reverse("admin:index"))


def desk_language(request):
    """On the desk, which has no language in its address, the one that the account chose."""
    if is_desk(request) and LANGUAGE in request.session:
        request.LANGUAGE_CODE = request.session[LANGUAGE]
    return translation.override(request.LANGUAGE_CODE)


def way_out_for(request):
    """Where somebody who may not go on is led; None: they may, or the page itself refuses."""
    user = request.user
    if user.is_anonymous:
        return None
    if not user.is_staff:
        logout(request)
        messages.warning(request, ENDED)
        return redirect("account_login")
    keep_awake(request)
    is_leaving = request.path_info == reverse("admin:logout")
    if is_desk(request) and not is_leaving and must_add_second_step(request):
        messages.warning(request, _("Add a second step first: it protects the site and you."))
        return redirect("mfa_index")
    return None


def must_add_second_step(request):
    if settings.IS_LOCAL or request.session.get(HAS):
        return False
    return not has_second_step(request.user)


def say_why(request, response):
    """A sentence for whoever was signed in a moment ago, on the way to sign in again."""
    to_sign_in = isinstance(response, HttpResponseRedirect) and response.url.startswith(
        reverse("admin:login")
    )
    ended = settings.SESSION_COOKIE_NAME in request.COOKIES and request.session.is_empty()
    is_told = messages.get_messages(request).added_new  # by a kept form
    if to_sign_in and ended and not is_told:
        messages.warning(request, ENDED)
    return response


def staff_pages(request):
    """For templates: whether to remind of the second step, which can wait on a local address."""
    if not is_staff_path(request.path_info):
        return {}
    waits = settings.IS_LOCAL and request.user.is_staff and not request.session.get(HAS)
    return {"second_step_waits": waits, "sends_mail": settings.SENDS_MAIL}
