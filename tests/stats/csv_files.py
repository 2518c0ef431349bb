"""What tests of the import share: a good row, and the whole way of a file through the admin."""

import csv
import io

from django.core.files.uploadedfile import SimpleUploadedFile

from stats.models import Figure, Source
from tests.html import read

IMPORT, CONFIRM = "/admin/stats/figure/import/", "/admin/stats/figure/process_import/"
EXPORT = "/admin/stats/figure/export/"
GOOD = {
    "place": "US-MO",
    "measure": "cases",
    "first_day": "2022-01-01",
    "last_day": "2022-12-31",
    "value": "245",
    "status": "published",
    "as_of": "2024-01-05",
    "source_title": "Missouri, 2022",
    "source_publisher": "The hotline",
    "source_url": "https://hotline.example/missouri/2022",
    "source_kind": "own",
}


def as_csv(*rows, separator=",", columns=None):
    columns = columns or list(dict.fromkeys(name for row in rows for name in row))
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, delimiter=separator, restval="", extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def upload(client, data, **typed):
    file = SimpleUploadedFile("figures.csv", data, "text/csv")
    return client.post(IMPORT, {"import_file": file, "assurance": "", "reason": "", **typed})


def preview(client, data, **typed):
    """The page of what would change; fails with what is wrong instead."""
    page = read(upload(client, data, **typed))
    assert not page.all("p", class_="errornote"), page.one("div", id="content-main").text
    return page


def confirm(client, page):
    form = page.one("form", id="confirm_form")
    sent = {e.attrs["name"]: e.attrs.get("value", "") for e in form.all("input", type="hidden")}
    return client.post(form.attrs["action"], sent)


def bring_in(client, data, **typed):
    """The whole way. Returns what was said at the end."""
    response = confirm(client, preview(client, data, **typed))
    assert response["Location"] == "/admin/stats/figure/", response.content.decode()
    return read(client.get(response["Location"])).one("ul", class_="messagelist").text


def done(new, changed, same):
    """What is said then."""
    return f"From figures.csv: {new} new, {changed} changed, {same} as before."


def wrong(client, data, **typed):
    """[(line, what is wrong)] of a file of which nothing may be taken."""
    before = everything()
    page = read(upload(client, data, **typed))
    assert not page.all("form", id="confirm_form")
    assert everything() == before
    rows = page.one("table", class_="import-rows").one("tbody").all("tr")
    return [(int(row.one("th").text), row.one("td").text) for row in rows]


def refused(client, data):
    """The one sentence for the whole file."""
    before = everything()
    page = read(upload(client, data))
    assert not page.all("form", id="confirm_form")
    assert everything() == before
    return page.one("ul", class_="errorlist").text


def everything():
    return list(Figure.objects.order_by("pk").values()), list(
        Source.objects.order_by("pk").values()
    )


def exported(client, query=""):
    response = client.get(f"{EXPORT}{query}")
    assert response["Content-Type"] == "text/csv"
    return response.content
