"""An editor's week, in the screens of whichever release runs it: see make.py.

Each release is given what it can hold; what it lacks is passed over.
"""

import datetime
import importlib.util
import sys
from pathlib import Path

import django

django.setup()

from django.apps import apps  # noqa: E402 - once Django is ready
from django.contrib.auth.models import Group, User  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import NoReverseMatch, reverse  # noqa: E402

PASSWORD = "a password for tests alone"
FAR = {"_when-at_0": "2090-01-01", "_when-at_1": "09:00"}


def reader():
    """tests/html.py of today: the release has one of its own, or none."""
    path = Path(__file__).resolve().parent.parent / "html.py"
    spec = importlib.util.spec_from_file_location("html_of_today", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.read


read = reader()


def model(label):
    try:
        return apps.get_model(label)
    except LookupError:
        return None


Draft = model("awareness.Draft")  # since the publishing desk


def address(label, view, *args):
    return reverse(f"admin:{label.lower().replace('.', '_')}_{view}", args=args)


def shown(client, where):
    """What a browser would send of this form if nobody touched it."""
    page = read(client.get(where, headers=HOST))
    form = next(f for f in page.all("form") if f.attrs.get("id", "").endswith("_form"))
    sent = {}
    for element in form.all("input", "textarea", "select"):
        name, kind = element.attrs.get("name"), element.attrs.get("type")
        if not name or kind in ("submit", "button", "file") or "__prefix__" in name:
            continue
        if element.tag == "select":
            chosen = [o.attrs["value"] for o in element.all("option") if "selected" in o.attrs]
            sent[name] = chosen[0] if chosen else ""
        elif kind in ("checkbox", "radio"):
            if "checked" in element.attrs:
                sent[name] = element.attrs.get("value", "on")
        elif element.tag == "textarea":
            sent[name] = element.raw.strip()
        else:
            sent[name] = element.attrs.get("value", "")
    return sent


HOST = {"host": "localhost"}


def fill(client, where, button=None, **typed):
    """Type into a form of the admin and press a button; stop where it is refused."""
    sent = {**shown(client, where), **typed, "_anyway": "1"}
    sent[button or ("_publish" if Draft else "_save")] = "on"
    if "published" in typed and not typed["published"]:
        del sent["published"]
    response = client.post(where, sent, headers=HOST)
    if response.status_code != 302:
        page = read(response)
        raise SystemExit([box.text for box in page.all("ul", class_="errorlist")] or page.text)
    return response


def one(label, **fields):
    return apps.get_model(label).objects.get(**fields)


def account(name, role=None, **fields):
    person = User.objects.create_user(name, f"{name}@example.org", PASSWORD, is_staff=True)
    if role and Draft:
        person.groups.add(Group.objects.get(name=role))
    User.objects.filter(pk=person.pk).update(**fields)
    client = Client()
    client.force_login(person)
    return client


def main():
    ada = account("ada", is_superuser=True, first_name="Ada", last_name="Núñez")
    write_and_change(ada)
    count_again(ada)
    if Draft:
        work_at_the_desk(ada)


def write_and_change(ada):
    words = {"summary_en": "What we did.", "body_en": "<p>We <strong>met</strong> at noon.</p>"}
    spanish = {"title_es": "Una reunión", "summary_es": "Qué hicimos.", "body_es": "<p>Sí.</p>"}
    new = address("pages.Update", "add")
    live = {"published": "on"}
    fill(ada, new, title_en="A meeting", slug="a-meeting", **words, **spanish, **live)
    fill(
        ada,
        new,
        "_draft" if Draft else None,
        title_en="Not yet",
        slug="not-yet",
        **words,
        published="",
    )
    over = datetime.datetime(2026, 2, 1, 15, tzinfo=datetime.UTC)
    amount = {"amounts-TOTAL_FORMS": 1, "amounts-0-dollars": 25, "amounts-0-pays_for_en": "a coat"}
    amount |= {"amounts-0-monthly": "on", "amounts-0-pays_for_es": "un abrigo"}
    fill(
        ada,
        address("pages.CallToAction", "add"),
        heading_en="Coats for winter",
        heading_es="Abrigos para el invierno",
        message_en="It was cold.",
        button_en="Give a coat",
        url="https://give.example/",
        **live,
        **amount,
    )
    appeals = apps.get_model("pages.CallToAction").objects.filter(url="https://give.example/")
    appeals.update(publish_at=over - datetime.timedelta(days=31), expire_at=over)  # time went by

    section = one("pages.Section", slug="signs")
    form = address("pages.Section", "change", section.pk)
    n = section.citations.count()
    cited = {"title": "A study", "publisher": "A school", "url": "https://study.example/"}
    cited |= {"note": "Page 7", "note_en": "Page 7"}
    rows = {f"citations-{n}-{name}": value for name, value in cited.items()}
    fill(
        ada,
        form,
        summary_en="Signs, as an editor words them.",
        **rows,
        **{
            "citations-TOTAL_FORMS": n + 1,
            "citations-0-note": "As of May",
            "citations-0-note_en": "As of May",
        },
    )
    fill(ada, form, title_es="Señales que se pueden ver")
    about = one("pages.Section", slug="about")
    fill(ada, address("pages.Section", "change", about.pk), summary_en="Who we are, in short.")
    line = apps.get_model("pages.HelpLine").objects.order_by("position").last()
    fill(ada, address("pages.HelpLine", "change", line.pk), hours_en="By day", hours_es="De día")
    settings = address("pages.SiteSettings", "change", 1)
    fill(
        ada,
        settings,
        organisation_name="Helpers of Example",
        contact_email="we@example.org",
        ein="12-3456789",
        deduction_statement_en="Gifts are deductible.",
    )

    gone = one("pages.Section", slug="why-it-exists")
    where = address("pages.Section", "delete", gone.pk)
    assert ada.post(where, {"post": "yes"}, headers=HOST).status_code == 302
    if hasattr(section, "translation_reviewed_by"):
        reviewed = {"translation_reviewed_by": "Luz", "translation_reviewed_on": "2026-11-20"}
        fill(ada, form, **reviewed)


def count_again(ada):
    """A later count of a figure that leads, beside what was said before."""
    figure = apps.get_model("stats.Figure").objects.filter(value__gt=100).order_by("pk").last()
    row = {name: getattr(figure, name) for name in ("first_day", "last_day", "status")}
    row |= {name: getattr(figure, f"{name}_id") for name in ("place", "measure", "source")}
    row |= {"value": figure.value + 3, "as_of": "2026-11-19", "note_en": "Counted again."}
    if hasattr(figure, "reason"):
        row |= {
            "change": "revision",
            "reason_en": "The source counted again.",
            "assurance": "The page says so.",
        }
    fill(ada, address("stats.Figure", "add"), **row)


def work_at_the_desk(ada):
    editor, publisher = account("ed", "Editor"), account("pat", "Publisher")
    form = {
        row.slug: address("pages.Section", "change", row.pk)
        for row in apps.get_model("pages.Section").objects.all()
    }
    fill(editor, form["labor-trafficking"], "_draft", summary_en="A draft of a summary.")
    fill(editor, form["sex-trafficking"], "_ask", title_en="Another title", _note="Is it clear?")
    fill(publisher, form["child-sex-trafficking"], "_schedule", summary_en="From 2090 on.", **FAR)
    fill(publisher, form["about"], slug="about-us")  # the old address leads on
    line = apps.get_model("pages.HelpLine").objects.order_by("position").first()
    fill(editor, address("pages.HelpLine", "change", line.pk), "_draft", hours_en="At any hour")
    figure = apps.get_model("stats.Figure").objects.order_by("pk").first()
    fill(editor, address("stats.Figure", "change", figure.pk), "_draft", note_en="A note to come.")
    rules = ada.get(address("awareness.DeskRules", "changelist"), headers=HOST)["Location"]
    fill(ada, rules, "_save", second_person="on")
    apps.get_model("awareness.KeptForm").objects.create(
        token="k" * 43, path=form["signs"], data={"summary_en": ["Written too late."]}
    )


try:
    main()
except NoReverseMatch as error:
    sys.exit(f"This release has no such screen: {error}")
