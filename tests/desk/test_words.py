"""What the desk says: a menu by job, and no word that only developers know."""

import re

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, User

from awareness.desk.menu import GROUPS
from pages.models import Section
from tests import factories
from tests.desk.test_admin import SINGLETONS, address
from tests.html import read

DEVELOPERS = re.compile(
    r"\b(objects?|instances?|slugs?|(?<!a )groups?|superusers?|models?|permissions|authentication|"
    r"authorization|applications?|fields|database|primary key|log entr\w+|relationships?|"
    r"popup|boolean|null|json|html|url|id|user)\b",
    re.IGNORECASE,
)
READ_ALOUD = ("title", "aria-label", "placeholder", "alt")


def test_every_list_has_its_place_in_the_menu():
    """One that nobody has put anywhere would still be found, at the end of the last group."""
    placed = [label for _key, _name, labels in GROUPS for label in labels]
    assert sorted(placed) == sorted(model._meta.label for model in admin.site._registry)


def test_an_app_has_no_page_of_its_own(admin_client):
    for app in ("auth", "awareness", "pages", "stats"):
        assert admin_client.get(f"/admin/{app}/")["Location"] == "/admin/", app


def test_breadcrumbs_lead_over_the_list_and_the_item_and_name_no_app(admin_client, admin_user):
    section = factories.section(title="Signs")
    for model, row, view, words in (
        (Section, section, "changelist", "Home › Sections and pages"),
        (Section, section, "add", "Home › Sections and pages › Add section or page"),
        (Section, section, "change", "Home › Sections and pages › Signs"),
        (Section, section, "preview", "Home › Sections and pages › Signs › Preview"),
        (Section, section, "delete", "Home › Sections and pages › Signs › Delete"),
        (User, admin_user, "history", "Home › Accounts › admin › History of “admin”"),
    ):
        where = address(model, view, *([] if view in ("changelist", "add") else [row.pk]))
        crumbs = read(admin_client.get(where)).one("nav", class_="desk-crumbs")
        assert crumbs.text == words, view
        for link in crumbs.all("a"):
            assert admin_client.get(link.attrs["href"]).status_code == 200, link.text


def one_of_each():
    factories.citation(factories.section())
    for make in (factories.update, factories.appeal, factories.help_line, factories.service):
        make()
    for make in (factories.language_card, factories.notice, factories.campaign_link):
        make()
    factories.headline(factories.figure())
    User.objects.create_user("ann").groups.add(Group.objects.get(name="Editor"))


def said(response):
    page = read(response)
    aloud = [tag.attrs[name] for tag in page.walk() for name in READ_ALOUD if tag.attrs.get(name)]
    return " | ".join([page.text, *aloud])


@pytest.mark.slow
def test_no_page_of_the_desk_speaks_as_developers_do(admin_client, db):
    one_of_each()
    pages = ["/admin/", "/admin/search/?q=one"]
    pages += [f"/admin/stats/figure/{view}/" for view in ("year", "import", "export")]
    for model in admin.site._registry:
        pages.append(address(model, "changelist"))
        if model not in SINGLETONS:
            pages.append(address(model, "add"))
        row = model._base_manager.order_by("-pk").first()
        if row:
            pages += [address(model, view, row.pk) for view in ("change", "history", "delete")]
    asked = [(page, {}) for page in pages]
    for model in admin.site._registry:
        keys = [row.pk for row in model._base_manager.all()]
        chosen = {"action": "delete_selected", "_selected_action": keys}
        asked += [(address(model, "changelist"), sent) for sent in (chosen, {"action": ""})]
    found = {}
    for page, sent in asked:
        response = (admin_client.post if sent else admin_client.get)(page, sent, follow=True)
        if response.status_code == 200:
            text = said(response)
            words = [text[m.start() - 30 : m.end() + 20] for m in DEVELOPERS.finditer(text)]
            if words:
                found[page] = words
    assert found == {}
