"""Accounts as people hold them: a password, and an app that shows codes."""

import time

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.contrib.auth.models import Group, User
from django.test import Client

PASSWORD = "four words in a row"
NEW = "quite another password"


def account(name, role=None, **more):
    user = User.objects.create_user(
        name, f"{name}@example.org", PASSWORD, **{"is_staff": True, **more}
    )
    if role:
        user.groups.add(Group.objects.get(name=role))
    return user


def add_app(user):
    """Give the account an authenticator app and recovery codes; the app's secret."""
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(user, secret)
    RecoveryCodes.activate(user)
    return secret


def code_of(secret, at=None):
    """What the app shows at this time, in seconds since 1970; now, never one about to run out."""
    while at is None and time.time() % 30 > 27:
        time.sleep(0.1)
    counter = int(time.time() if at is None else at) // 30
    return totp.format_hotp_value(totp.hotp_value(secret, counter))


def recovery_codes(user):
    row = Authenticator.objects.get(user=user, type=Authenticator.Type.RECOVERY_CODES)
    return row.wrap().get_unused_codes()


def sign_in(name, password=PASSWORD, code=None, client=None, **request):
    """A browser after these were typed."""
    client = client or Client()
    client.last = client.post("/accounts/login/", {"login": name, "password": password}, **request)
    if code:
        client.last = client.post("/accounts/second-step/code/", {"code": code}, **request)
    return client


def may_enter(client):
    return client.get("/admin/").status_code == 200


def said(response):
    """The messages and mistakes on a page of an account."""
    from tests.html import read

    page = read(response)
    lines = [item.text for item in page.all("ul", class_="said")]
    lines += [item.text for item in page.all("div", class_="wrong")]
    return " ".join(lines)


def signed_in(name, role):
    """A client of somebody new, without a password."""
    user = User.objects.create_user(name, is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    client = Client()
    client.force_login(user)
    return client
