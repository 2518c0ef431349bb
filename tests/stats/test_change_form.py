"""A row that is there already, on its form: what it said is not changed without a word."""

import datetime

from django.urls import reverse

from stats.models import Figure
from tests import factories
from tests.desk.test_admin import fill, mistakes


def test_another_number_is_asked_about_at_the_assurance(admin_client, db):
    row = factories.figure(year=2015, value=291, as_of=datetime.date(2017, 5, 3))
    where = reverse("admin:stats_figure_change", args=[row.pk])
    assert mistakes(fill(admin_client, where, value="305")) == {
        "assurance": [
            "This row said 291 as of May 3, 2017. If the source says something else now, leave "
            "this row and add a new one: the public sees both.",
            "If it was typed wrongly, write that here, and save again.",
        ]
    }
    assert Figure.objects.get().value == 291
    assert fill(admin_client, where, value="305", assurance="I had typed 291.").status_code == 302
    assert Figure.objects.get().value == 305
    assert list(mistakes(fill(admin_client, where, value="306"))) == ["assurance"]
