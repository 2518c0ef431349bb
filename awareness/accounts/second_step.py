"""The second step of signing in: an authenticator app, or a passkey.

Whether an account has one is looked up when it signs in and kept in the session. It changes there
when a step is added or taken away; all other sessions of the account end then.
"""

from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from django.contrib.auth.signals import user_logged_in
from django.db import transaction
from django.dispatch import receiver
from django.utils.translation import gettext as _

from awareness.accounts.sessions import begin_with_language, end_sessions
from awareness.audit.record import Kind, record

HAS = "second_step"  # in the session
Type = Authenticator.Type
STEPS = [Type.TOTP, Type.WEBAUTHN]  # recovery codes stand in for one of these


def has_second_step(user):
    return Authenticator.objects.filter(user=user, type__in=STEPS).exists()


def take_away(user, by=None):
    """For somebody whose phone is lost: the next time they sign in, they set it up anew."""
    with transaction.atomic():
        Authenticator.objects.filter(user=user).delete()
        end_sessions([user])
        record(Kind.RIGHTS, by, user, _("Second sign-in step taken away."))


# Signals, since every way of signing in and of adding a step sends them, and nothing else does.


@receiver(user_logged_in, dispatch_uid="awareness.accounts.second_step")
def signed_in(sender, request, user, **kwargs):
    request.session[HAS] = has_second_step(user)
    begin_with_language(request, user)


@receiver(authenticator_added, dispatch_uid="awareness.accounts.second_step")
def added(sender, request, user, authenticator, **kwargs):
    if authenticator.type in STEPS:
        request.session[HAS] = True
        # Whoever came in with the password alone, before this, goes out again.
        end_sessions([user], but=request.session.session_key)
        record(Kind.RIGHTS, user, user, _("Second sign-in step added."))
    if authenticator.type == Authenticator.Type.TOTP:
        # The code that added the app is used: allauth remembers that only when it is asked.
        authenticator.wrap().validate_code(request.POST.get("code", ""))


@receiver(authenticator_removed, dispatch_uid="awareness.accounts.second_step")
def removed(sender, request, user, authenticator, **kwargs):
    if authenticator.type in STEPS:
        request.session[HAS] = has_second_step(user)
        record(Kind.RIGHTS, user, user, _("Second sign-in step removed."))


@receiver(authenticator_reset, dispatch_uid="awareness.accounts.second_step")
def codes_renewed(sender, request, user, **kwargs):
    record(Kind.RIGHTS, user, user, _("New recovery codes made."))
