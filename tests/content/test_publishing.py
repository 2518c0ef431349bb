"""What the public may see, and when: the one rule, for every kind of content that has it."""

import datetime
import itertools

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import F

from awareness.content.publishing import Publishable, State
from pages.models import Notice
from tests import factories
from tests.desk.test_admin import address

pytestmark = pytest.mark.also_postgres

MODELS = [model for model in apps.get_models() if issubclass(model, Publishable)]
NOON = datetime.datetime(2024, 3, 10, 12, tzinfo=datetime.UTC)
TICK = datetime.timedelta(microseconds=1)
MOMENTS = [NOON - factories.DAY, NOON - TICK, NOON, NOON + TICK, NOON + factories.DAY]


@pytest.fixture(params=MODELS, ids=lambda model: model.__name__)
def model(request, db):
    return request.param


def grid(model):
    """A saved row for every combination that the database allows."""
    rows = [
        factories.marked(
            model, f"m{number}", published=published, publish_at=publish_at, expire_at=expire_at
        )[0]
        for number, (published, publish_at, expire_at) in enumerate(
            itertools.product([True, False], MOMENTS, [None, *MOMENTS])
        )
        if (expire_at > publish_at if expire_at else model is not Notice)  # which has an end
    ]
    return {row.pk: row for row in rows}


def test_every_row_is_in_one_state_and_the_queries_agree(model):
    rows = grid(model)
    seen = set()
    for at in MOMENTS:
        in_hand = {pk: row.state(at) for pk, row in rows.items()}
        queried = [
            (pk, state)
            for state in State
            for pk in model.objects.in_state(state, at).values_list("pk", flat=True)
        ]
        assert len(queried) == len(rows)  # each once
        assert dict(queried) == in_hand
        live = set(model.objects.live(at).values_list("pk", flat=True))
        assert live == {pk for pk, state in in_hand.items() if state == State.LIVE}
        seen |= set(in_hand.values())
    assert seen == set(State)


def test_the_states_in_words():
    for model, (published, begins, ends, state) in itertools.product(
        MODELS,
        [
            (True, -1, None, State.LIVE),
            (True, 0, None, State.LIVE),  # from that moment on
            (True, 1, None, State.SCHEDULED),
            (True, -1, 1, State.LIVE),
            (True, -2, 0, State.EXPIRED),  # no longer at that moment
            (True, -2, -1, State.EXPIRED),
            (True, 1, 2, State.SCHEDULED),
            (False, -1, None, State.DRAFT),
            (False, 1, None, State.DRAFT),
            (False, -2, -1, State.DRAFT),
        ],
    ):
        expire_at = None if ends is None else NOON + ends * TICK
        row = model(published=published, publish_at=NOON + begins * TICK, expire_at=expire_at)
        assert row.state(NOON) == state, (model, published, begins, ends)
        assert model().state() == State.DRAFT, model


def test_now_is_the_moment_when_none_is_given(model):
    rows = {
        state: factories.marked(model, state.value, **factories.in_state(state)) for state in State
    }
    assert {row.state() for row, _words in rows.values()} == set(State)
    assert [row.pk for row in model.objects.live()] == [rows[State.LIVE][0].pk]


def test_the_database_refuses_an_expiry_that_is_not_after_publishing_and_the_form_says_so(model):
    row, _words = factories.marked(model, "m")
    for late in (datetime.timedelta(0), TICK):
        with pytest.raises(IntegrityError), transaction.atomic():
            model.objects.filter(pk=row.pk).update(expire_at=F("publish_at") - late)
        wrong = model(published=True, publish_at=NOON, expire_at=NOON - late)
        with pytest.raises(IntegrityError), transaction.atomic():
            model.objects.bulk_create([wrong])
    with pytest.raises(ValidationError) as refused:
        model(publish_at=NOON, expire_at=NOON).clean()
    assert refused.value.message_dict == {
        "expire_at": ["The expiry time must be later than the publish time."]
    }


ODD = ["0001-01-01 00:00", "0001-01-01 00:01", "9999-12-31 23:58", "9999-12-31 23:59"]


def test_a_year_that_sql_wrote_hinders_no_page_and_no_form(client, db):
    """Three such rows of each kind on the same pages; each form has one of them."""
    made = {}
    for model, (n, moments) in itertools.product(
        MODELS,
        enumerate(
            [
                {"publish_at": ODD[0], "expire_at": ODD[1], "updated_at": ODD[0]},
                {"publish_at": ODD[0], "expire_at": ODD[2]},  # live
                {"publish_at": ODD[2], "expire_at": ODD[3], "updated_at": ODD[3]},
            ]
        ),
    ):
        row, _said = factories.marked(model, f"m{n}", published=True, publish_at=NOON)
        made.setdefault(model, []).append(row.pk)
        fields = ", ".join(f"{name} = %s" for name in moments)
        table = model._meta.db_table
        with connection.cursor() as cursor:
            cursor.execute(f"UPDATE {table} SET {fields} WHERE id = {row.pk}", [*moments.values()])  # noqa: S608 - names of our own
    for path in ("/", "/es/", "/help/", "/updates/", "/updates/feed.atom", "/sitemap.xml"):
        assert client.get(path).status_code == 200, path
    client.force_login(User.objects.create_superuser("boss"))
    assert client.get("/admin/").status_code == 200
    for place, (model, numbers) in enumerate(made.items()):
        number = [numbers[place % 3]]
        for name, numbers in (("changelist", []), ("change", number), ("history", number)):
            assert client.get(address(model, name, *numbers)).status_code == 200, (model, name)
