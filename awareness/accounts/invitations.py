"""Invitations: a link for one use, by which a new colleague sets the password of their account.

No table holds them. The link is signed, with the moment at which it was made and a digest of the
password field, which is a random unusable one until somebody sets a password: then the link is used
up, and inviting again, which sets another, takes its validity. It stands in the query of its
address, which no log of ours holds, and leaves the address bar at once.
"""

from allauth.account.adapter import get_adapter
from allauth.decorators import rate_limit
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import User
from django.core import signing
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from awareness.accounts.adapters import send
from awareness.accounts.forms import NewPassword

DAYS = 3
KEY = "invitation"  # in the query, then in the session
SALT = "awareness.accounts.invitations"


def waits(account):
    """Whether somebody was invited and has set no password yet."""
    return account.last_login is None and not account.has_usable_password()


def digest(account):
    state = f"{account.pk} {account.password} {account.email}"
    return salted_hmac(SALT, state, algorithm="sha256").hexdigest()[:32]


def link_for(account):
    """By the site's own name, whatever host was asked for."""
    key = signing.dumps([account.pk, digest(account)], salt=SALT)
    return f"{settings.SITE_URL}{reverse('account_invitation')}?{urlencode({KEY: key})}"


def send_invitation(account, link, inviter):
    """Whether a mail server took it. Whoever invites waits for that, to hear if it did not."""
    if not settings.SENDS_MAIL:
        return False
    context = {"account": account, "link": link, "inviter": inviter, "days": DAYS}
    return send(get_adapter().render_mail("account/email/invitation", account.email, context))


def read_key(key):
    """(account, why it does not work)"""
    try:
        number, state = signing.loads(key, salt=SALT, max_age=DAYS * 24 * 3600)
    except signing.SignatureExpired:
        return None, _("This invitation is more than three days old. Ask for a new one.")
    except signing.BadSignature:
        return None, _("This link is incomplete. Copy all of it from the message you got.")
    account = User.objects.filter(pk=number, is_active=True, is_staff=True).first()
    if account is None:
        return None, _("This account was closed. Ask the person who invited you.")
    if not waits(account):
        return None, _("This invitation was already used. Sign in with your password.")
    if not constant_time_compare(state, digest(account)):
        return None, _("There is a newer invitation. Use the link you got last.")
    return account, ""


@rate_limit(action="reset_password_from_key")
@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
def invitation(request):
    """A mail program that looks at the link does not use it up: only a password does."""
    if request.user.is_authenticated:
        told = _("You are signed in as “%(name)s”. Sign out, then open the link again.")
        problem = told % {"name": request.user.get_username()}
        return render(request, "account/invitation.html", {"problem": problem})
    if KEY in request.GET:
        request.session[KEY] = request.GET[KEY][:500]
        return redirect("account_invitation")
    account, problem = read_key(request.session.get(KEY, ""))
    if problem:
        return render(request, "account/invitation.html", {"problem": problem})
    form = NewPassword(request.POST or None, user=account)
    if form.is_valid():
        form.save()
        del request.session[KEY]
        told = _("Your password is set. Sign in with it and the username “%(name)s”.")
        messages.success(request, told % {"name": account.get_username()})
        return redirect("account_login")
    return render(request, "account/invitation.html", {"form": form, "account": account})
