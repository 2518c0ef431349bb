"""The addresses of accounts: those of allauth that this site needs, and no more.

None to sign up, to keep several e-mail addresses, or to sign in by a code in a mail.
"""

from allauth.account import views as account
from allauth.mfa.base import views as second_step
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as app
from allauth.mfa.webauthn import views as passkeys
from django.urls import path

from awareness.accounts import views
from awareness.accounts.invitations import invitation

STEP, KEYS = "second-step/", "second-step/passkeys/"

urlpatterns = [
    path("", views.overview, name="account_overview"),
    path("sessions/", views.sessions, name="account_sessions"),
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("invitation/", invitation, name="account_invitation"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("confirm/", account.reauthenticate, name="account_reauthenticate"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("password/set/", account.password_set, name="account_set_password"),
    path("password/reset/", account.password_reset, name="account_reset_password"),
    path("password/reset/sent/", account.password_reset_done, name="account_reset_password_done"),
    path(
        "password/reset/done/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path(
        "password/reset/<slug:uidb36>/<str:key>/",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(STEP, second_step.index, name="mfa_index"),
    path(f"{STEP}code/", views.code, name="mfa_authenticate"),
    path(f"{STEP}confirm/", second_step.reauthenticate, name="mfa_reauthenticate"),
    path(f"{STEP}app/add/", app.activate_totp, name="mfa_activate_totp"),
    path(f"{STEP}app/remove/", app.deactivate_totp, name="mfa_deactivate_totp"),
    path(f"{STEP}codes/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(f"{STEP}codes/new/", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path(f"{STEP}codes/file/", codes.download_recovery_codes, name="mfa_download_recovery_codes"),
    path(KEYS, passkeys.list_webauthn, name="mfa_list_webauthn"),
    path(f"{KEYS}add/", passkeys.add_webauthn, name="mfa_add_webauthn"),
    path(f"{KEYS}login/", passkeys.login_webauthn, name="mfa_login_webauthn"),
    path(f"{KEYS}confirm/", passkeys.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path(f"{KEYS}<int:pk>/remove/", passkeys.remove_webauthn, name="mfa_remove_webauthn"),
    path(f"{KEYS}<int:pk>/edit/", passkeys.edit_webauthn, name="mfa_edit_webauthn"),
]
