"""What allauth asks this site: who may come in, from where, in which words."""

import logging
import threading

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.http import HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy

from awareness.accounts.gate import ENDED
from awareness.audit.record import Kind, record
from awareness.web.headers import client_address

NOT_THESE = gettext_lazy("The username and password do not match. Check both.")
WRONG_CODE = gettext_lazy(
    "This code is wrong, too old, or already used. Type the code that the app shows now."
)
TOO_MANY = gettext_lazy(
    "There were too many wrong tries. Wait five minutes, then try again. Until then, you can "
    "use a passkey or reset your password by e-mail."
)

# In the session, while the code is not typed yet: whose account, and for which password.
BEGAN = "signing_in"

WAYS = {
    "reauthenticate": gettext_lazy("With your password"),
    "mfa_reauthenticate": gettext_lazy("With the app or a recovery code"),
    "mfa_reauthenticate:webauthn": gettext_lazy("With your passkey"),
}


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": NOT_THESE,
        "email_password_mismatch": NOT_THESE,
        "too_many_login_attempts": TOO_MANY,
        "rate_limited": TOO_MANY,
        "incorrect_code": WRONG_CODE,
        "incorrect_password": gettext_lazy("This is not your password. Type it again."),
        "enter_current_password": gettext_lazy("This is not your current password. Type it again."),
    }

    def is_open_for_signup(self, request):
        return False

    def get_client_ip(self, request):
        return str(client_address(request))

    def is_safe_url(self, url):
        """Only a path of this site is gone on to, whatever other names it answers to."""
        return url.startswith("/") and super().is_safe_url(url)

    # --- Signing in --------------------------------------------------------------------

    def pre_login(self, request, user, **kwargs):
        """Accounts are for staff: one that was taken away signs nobody in."""
        if not user.is_staff:
            return HttpResponseRedirect(reverse("account_inactive"))
        request.session[BEGAN] = user.pk, user.get_session_auth_hash()
        return super().pre_login(request, user, **kwargs)

    def login(self, request, user):
        """Up to fifteen minutes after the password: the account may no longer be what it was."""
        began = request.session.pop(BEGAN, None)
        is_same = began and tuple(began) == (user.pk, user.get_session_auth_hash())
        if not (user.is_active and user.is_staff and is_same):
            raise ImmediateHttpResponse(begin_anew(request))
        super().login(request, user)

    def post_login(self, request, user, **kwargs):
        """Whoever has just signed in is not asked for the password again on the next page."""
        last = get_authentication_records(request, user)[-1:]
        for done in last:
            record_authentication(request, user, method=done["method"], reauthenticated=True)
        return super().post_login(request, user, **kwargs)

    def set_password(self, user, password):
        """In the place of the one that it was asked for: of several who send one link at once,
        one does. And of the password alone, since rights may have gone while it was hashed."""
        as_asked = User.objects.filter(pk=user.pk, password=user.password)
        user.set_password(password)
        if not as_asked.update(password=user.password):
            raise ImmediateHttpResponse(begin_anew(self.request))
        record(Kind.RIGHTS, user, user, gettext("Own password changed."))

    def get_reauthentication_methods(self, user):
        ways = super().get_reauthentication_methods(user)
        return [{**way, "description": WAYS[way["id"]]} for way in ways]

    # --- Mail --------------------------------------------------------------------------

    def get_reset_password_from_key_url(self, key):
        """By the site's own name, whatever host was asked for."""
        uid, _dash, token = key.partition("-")
        kwargs = {"uidb36": uid, "key": token}
        return settings.SITE_URL + reverse("account_reset_password_from_key", kwargs=kwargs)

    def _get_login_attempts_cache_key(self, request, **credentials):
        """By account alone. allauth's own takes in the host, whose port anybody can make up."""
        return f"login:{credentials.get('username', '').lower()}"

    def forget_tries(self, user):
        self._delete_login_attempts_cached_email(self.request, username=user.get_username())

    def send_mail(self, template_prefix, email, context):
        """In the background: how long it takes would tell whether there is such an account."""
        message = self.render_mail(
            template_prefix, email, {**context, "site": admin.site.site_header}
        )
        threading.Thread(target=send, args=[message], name="mail").start()

    def send_password_reset_mail(self, user, email, context):
        """As the account has the address: typed in another spelling, it may be somebody else's."""
        super().send_password_reset_mail(user, user.email, context)

    def send_notification_mail(self, template_prefix, user, context=None, email=None):
        """To the address that the account has: there is no other list of addresses here."""
        if user.email:
            super().send_notification_mail(template_prefix, user, context, user.email)


def begin_anew(request):
    """Whoever signs in half-way, and may not go on, starts at the beginning."""
    request.session.flush()
    messages.warning(request, ENDED)
    return redirect("account_login")


def send(message):
    """Whether it was. A mail server that is away is written down without the mail: there is a
    secret in it."""
    try:
        message.send()
        return True
    except OSError as error:  # smtplib's errors are such ones too
        logging.getLogger(__name__).error("A mail could not be sent: %s.", type(error).__name__)
        return False


class SecondStepAdapter(DefaultMFAAdapter):
    error_messages = {**DefaultMFAAdapter.error_messages, "incorrect_code": WRONG_CODE}

    def get_totp_label(self, user):
        return user.get_username()

    def get_totp_issuer(self):
        return admin.site.site_header

    def get_public_key_credential_rp_entity(self):
        host = self.request.get_host().partition(":")[0]
        return {"id": host, "name": str(admin.site.site_header)}

    def generate_authenticator_name(self, user, type):
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        name = gettext("Passkey")
        return name if number == 1 else f"{name} {number}"
