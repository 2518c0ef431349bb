"""The pages of one's own account that allauth has not: what it is, and where one is signed in."""

from allauth.account.adapter import get_adapter
from allauth.mfa.base import views as second_step
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from awareness.accounts.adapters import BEGAN, begin_anew
from awareness.accounts.second_step import has_second_step
from awareness.accounts.sessions import (
    LANGUAGE,
    browser_and_machine,
    choose_language,
    end_sessions,
    sessions_of,
)


def sign_in(request):
    """Where the admin sends whoever is not signed in: to allauth, and from there back."""
    wanted = request.GET.get("next", reverse("admin:index"))
    if request.user.is_authenticated and request.user.is_staff:
        return redirect("admin:index")
    return HttpResponseRedirect(f"{reverse('account_login')}?{urlencode({'next': wanted})}")


def sign_out(request):
    """The admin's button; a mere link to it asks first, so that no other page signs anybody out."""
    if request.method == "POST":
        adapter = get_adapter()
        adapter.add_message(request, messages.SUCCESS, "account/messages/logged_out.txt")
        adapter.logout(request)
        return redirect("account_login")
    return redirect("account_logout")


def code(request):
    """allauth's, which leads whoever lost the second step meanwhile in a circle."""
    number, _hash = request.session.get(BEGAN, (None, None))
    if number and not has_second_step(number):
        return begin_anew(request)
    return second_step.authenticate(request)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def overview(request):
    """A press chooses the language of the desk."""
    user = request.user
    if request.POST.get("language") in dict(settings.LANGUAGES):
        code = request.POST["language"]
        choose_language(request, code)
        with translation.override(code):  # of this page too, which has it in its address
            messages.success(request, _("The desk now speaks the language you chose."))
            return redirect("account_overview")
    context = {
        "roles": [group.name for group in user.groups.order_by("name")],
        "has_second_step": has_second_step(user),
        "sessions": len(sessions_of(user)),
        "desk_language": request.session.get(LANGUAGE, settings.LANGUAGE_CODE),
    }
    return render(request, "account/overview.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def sessions(request):
    """A press ends one session, all others, or all."""
    if request.method == "POST":
        return end(request, request.POST.get("end", ""))
    found = sessions_of(request.user)
    for session in found:
        session.browser = browser_and_machine(session.user_agent)
    return render(request, "account/sessions.html", {"sessions": found})


def end(request, which):
    if which == "all":
        end_sessions([request.user])
        return sign_out(request)
    if which == "others":
        end_sessions([request.user], but=request.session.session_key)
        messages.success(request, _("You are signed out everywhere except here."))
    for session in sessions_of(request.user):
        if str(session.pk) == which and not session.is_current():
            session.end()
            messages.success(request, _("That session has ended."))
    return redirect("account_sessions")
