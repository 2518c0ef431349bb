"""Whether packages still have what we use of their insides: the list in docs/architecture.md."""

import inspect
import logging

import pytest
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows import login
from django.contrib import admin
from django.forms import Media
from django.forms.models import BaseModelFormSet
from django.http import HttpResponse
from django.utils.log import log_response

from awareness.desk.base import model_admins
from awareness.web.logs import as_logged
from pages.models import Section

SAID = "%s has changed %s: see Private APIs in docs/architecture.md for who uses it, and why."
TAKES = [
    (
        admin.ModelAdmin,
        "_get_obj_does_not_exist_redirect",
        ["self", "request", "opts", "object_id"],
    ),
    (BaseModelFormSet, "_existing_object", ["self", "pk"]),
    (BaseModelFormSet, "_should_delete_form", ["self", "form"]),
    (DefaultAccountAdapter, "_get_login_attempts_cache_key", ["self", "request", "credentials"]),
    (
        DefaultAccountAdapter,
        "_delete_login_attempts_cached_email",
        ["self", "request", "credentials"],
    ),
    (login, "get_authentication_records", ["request", "user"]),
    (login, "record_authentication", ["request", "user", "method", "extra_data"]),
]


@pytest.mark.parametrize(("owner", "name", "takes"), TAKES, ids=lambda value: str(value)[:40])
def test_what_we_call_or_override_takes_the_same(owner, name, takes):
    found = getattr(owner, name, None)
    message = SAID % (owner.__name__, name)
    assert found, message
    assert list(inspect.signature(found).parameters) == takes, message


def test_the_admin_still_tells_every_list():
    assert Section in model_admins(admin.site), SAID % ("Django", "_registry")


def test_media_still_has_its_lists():
    media = Media(css={"all": ["a.css"]}, js=["a.js"])
    assert (media._css, media._js) == ({"all": ["a.css"]}, ["a.js"]), SAID % ("Django", "Media")


def test_what_was_written_down_is_not_written_again(caplog):
    with caplog.at_level(logging.ERROR, "django.request"):
        log_response("Ill", response=as_logged(HttpResponse(status=503)))
        assert caplog.records == [], SAID % ("Django", "_has_been_logged")
        log_response("Ill", response=HttpResponse(status=503))
    assert len(caplog.records) == 1
