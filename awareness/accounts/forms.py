"""The forms of allauth in this site's words: each field has a label that stays, and one help."""

from allauth.account import forms as account
from allauth.account.adapter import get_adapter
from allauth.mfa.adapter import get_adapter as get_second_step_adapter
from allauth.mfa.base import forms as second
from allauth.mfa.totp import forms as app
from allauth.mfa.webauthn import forms as passkey
from django.contrib.auth.models import User
from django.utils.translation import gettext_lazy as _
from fido2.webauthn import AuthenticationResponse

NEW_PASSWORD = _(
    "Use at least 12 characters. Do not use a common password or one like your name. Four or "
    "five words in a row are easy to remember."
)
WORDS = {  # label, help text
    "login": (_("Username"), ""),
    "password": (_("Password"), ""),
    "oldpassword": (_("Your current password"), ""),
    "password1": (_("New password"), NEW_PASSWORD),
    "password2": (_("New password, again"), ""),
    "email": (_("E-mail address of your account"), ""),
    "code": (_("Code"), _("The six digits that the app shows now, or one of your recovery codes.")),
    "name": (_("Name"), _("So you can find it in the list, such as “my phone”.")),
    "passwordless": (
        _("Sign in with only this"),
        _(
            "Checked: it replaces your username, password, and code. It needs a phone, "
            "computer, or key that asks for a fingerprint, your face, or a PIN."
        ),
    ),
}


class Plain:
    """Before a form of allauth in the bases: no placeholder stands in for a label."""

    words = {}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            label, help_text = {**WORDS, **self.words}.get(name, (field.label, field.help_text))
            field.label, field.help_text = label, help_text


class SignIn(Plain, account.LoginForm):
    pass


class ConfirmPassword(Plain, account.ReauthenticateForm):
    pass


class ChangePassword(Plain, account.ChangePasswordForm):
    def clean_oldpassword(self):
        """Counted with all other tries: allauth allows five a minute here, for ever."""
        password = self.cleaned_data["oldpassword"]
        if not get_adapter().reauthenticate(self.user, password):
            raise get_adapter().validation_error("enter_current_password")
        return password


class SetPassword(Plain, account.SetPasswordForm):
    pass


class NewPassword(Plain, account.ResetPasswordKeyForm):
    def save(self):
        """It is a way in also for somebody whose account others keep locked by wrong tries."""
        super().save()
        get_adapter().forget_tries(self.user)


class ForgottenPassword(Plain, account.ResetPasswordForm):
    def clean_email(self):
        """Staff who can sign in, found by the address that their account has now."""
        email = self.cleaned_data["email"]
        staff = User.objects.filter(is_active=True, is_staff=True, email__iexact=email)
        self.users = [
            user
            for user in staff
            if user.email.lower() == email.lower() and user.has_usable_password()
        ]
        return email

    def save(self, request, **kwargs):
        """For nobody a mail is written too, to nobody: how long it takes would tell."""
        if not self.users:
            self.users = [User(pk=0)]
        return super().save(request, **kwargs)


class Code(Plain, second.AuthenticateForm):
    pass


class ConfirmCode(Plain, second.ReauthenticateForm):
    pass


class AddApp(Plain, app.ActivateTOTPForm):
    words = {"code": (_("Code"), _("The six digits that the app shows now."))}


class Answered:
    """Before a form of allauth with the answer of a passkey: one that is none is only wrong, and so
    is that of a copy, whose count of signatures is behind. Most passkeys do not count: 0."""

    def clean_credential(self):
        sent = self.cleaned_data["credential"]
        try:
            step = super().clean_credential()
            self.answer = AuthenticationResponse.from_dict(sent).response.authenticator_data
        except (AttributeError, KeyError):
            raise wrong() from None
        count = self.answer.counter
        if 0 < step.data.get("count", 0) >= count:
            raise wrong()
        step.data["count"] = count
        step.save(update_fields=["data"])
        return step


class SignInByPasskey(Answered, passkey.LoginWebAuthnForm):
    def clean_credential(self):
        """It takes the place of password and code: without a finger, face or PIN it is only one of
        them, as in an answer to the question of the second step."""
        step = super().clean_credential()
        if not self.answer.is_user_verified():
            raise wrong()
        return step


class CodeByPasskey(Answered, passkey.AuthenticateWebAuthnForm):
    pass


class ConfirmByPasskey(Answered, passkey.ReauthenticateWebAuthnForm):
    pass


def wrong():
    return get_second_step_adapter().validation_error("incorrect_code")


class AddPasskey(Plain, passkey.AddWebAuthnForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["passwordless"].initial = True


class RenamePasskey(Plain, passkey.EditWebAuthnForm):
    pass
