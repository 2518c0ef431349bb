"""The whole of the page that the portal replaces, in the words that a new site starts with."""

import datetime
import io
import re

import pytest
import reversion
from django.apps import apps
from django.core import serializers
from django.core.management import call_command
from reversion.models import Version

from pages.models import CallToAction, Citation, HelpLine, Section, SiteSettings, Update
from stats.models import Figure, Headline, Measure, Place, ReadingGuide, Source
from tests import factories, public
from tests.environment import ROOT
from tests.html import read

CONTENT = [*apps.get_app_config("pages").get_models(), *apps.get_app_config("stats").get_models()]

# Where each of the 18 items of the reference page, and the two that it asks for but never
# teaches, begins on /learn/all/; with words that no honest version could do without.
SECTIONS = [
    (
        "signs",
        "A sign is not proof, Blue Campaign, What to do, What not to do, call 911, Do not confront",
    ),
    ("what-is-human-trafficking", "force, fraud, coercion, every kind of community"),
    ("sex-trafficking", "22 U.S.C. § 7102, commercial sex act, under 18, force, fraud, coercion"),
    (
        "child-sex-trafficking",
        "18 U.S.C. § 1591, U.S. Department of Justice, anything of value, under 18, money, goods",
    ),
    (
        "labor-trafficking",
        "22 U.S.C. § 7102, involuntary servitude, peonage, debt bondage, slavery, coercion",
    ),
    (
        "who-is-vulnerable",
        "moved recently, drug or alcohol use, mental health, child welfare, run away, no home",
    ),
    (
        "who-traffickers-are",
        "race, ethnic group, gender, business owner, gang, parent, partner, farm, company leader, "
        "government official",
    ),
    (
        "how-traffickers-control",
        "abuse and threats, isolation, money, promise, trauma, shame, their family",
    ),
    ("who-survivors-are", "every race and ethnic group, some forms, certain ethnic groups"),
    ("why-it-stays-hidden", "Blue Campaign, afraid, forced, fear payback, families, papers"),
    ("why-it-exists", "supply and demand, cheap labor, services, high profit and low risk"),
    (
        "calling-the-hotline",
        "Who answers, What they may ask, What you can refuse, You can stop at any time, Who may be "
        "told, What stays on your phone",
    ),
]
SLUGS = [slug for slug, _words in SECTIONS]


@pytest.fixture
def guide(client, starter):
    return read(client.get("/learn/all/")).one("main")


def test_the_index_has_a_card_of_each_and_old_anchors_arrive(client, starter):
    page = read(client.get("/learn/")).one("main")
    for row in Section.objects.live().guide():
        card = page.one(id=row.slug)
        assert row.title == card.one("h3").text
        assert row.summary == card.one("p").text
        assert [a.attrs["href"] for a in card.all("a")] == [f"/learn/{row.slug}/"]
        assert card.one("svg").attrs["aria-hidden"] == "true"
    assert [h2.text for h2 in page.all("h2")] == [
        *("What you can do", "Signs by place", "What it is", "Who", "How and why", "More to read")
    ]
    places = page.one("ul", class_="places").all("a")
    assert [a.text for a in places] == [s.title for s in Section.objects.of("signs")]
    assert "/learn/all/" in [a.attrs["href"] for a in page.all("a")]


def chapter(guide, slug):
    return guide.one("section", class_="chapter", **{"aria-labelledby": slug})


def test_the_guide_opens_with_the_statement_and_whose_it_is(guide):
    statement = guide.one("figure", class_="statement")
    assert re.search(r"women.*men.*slavery", statement.one("blockquote").text)
    assert "A21" in statement.one("figcaption").text
    assert statement.one("figcaption").one("a").attrs["href"] == "https://www.a21.org/"


def test_it_says_that_many_cases_go_unreported_and_shows_the_help_lines(guide):
    words = guide.one("section", class_="callout").text
    assert "never reported" in words
    assert "eyes and ears" in words
    panel = guide.one("section", class_="card get-help")
    assert [(a.attrs["href"], a.text) for a in panel.all("a")][:3] == [
        ("tel:911", "911"),
        ("tel:+18883737888", "Call the hotline 1-888-373-7888"),
        ("sms:233733", "Text 233733 (BEFREE)"),
    ]
    assert "immediate danger" in panel.text


def test_its_sections_are_those_of_the_page_it_replaces(guide):
    chapters = [s.attrs["aria-labelledby"] for s in guide.all("section", class_="chapter")]
    assert chapters == SLUGS
    contents = guide.one("ol", class_="contents").all("a")
    assert [a.attrs["href"] for a in contents] == ["#figures", *(f"#{slug}" for slug in chapters)]


def test_a_section_says_what_its_original_said(guide, subtests):
    for slug, words in SECTIONS:
        with subtests.test(slug=slug, words=words):
            text = chapter(guide, slug).text.lower()
            assert [word for word in words.lower().split(", ") if word not in text] == []


def test_a_section_stands_on_its_own_page_as_it_does_in_the_guide(client, guide, subtests):
    for n, slug in enumerate(SLUGS):
        with subtests.test(slug=slug):
            row = Section.objects.get(slug=slug)
            page = read(client.get(f"/learn/{slug}/")).one("main")
            for text in (page.text, chapter(guide, slug).text):
                assert row.title in text
                assert row.summary in text
            in_guide = chapter(guide, slug).one("div", class_="prose").text
            # Side by side, which is only on its own page, marks and headings say it.
            beside = re.sub("(What to do) Do |(What not to do) Do not ", r"\1\2 ", in_guide)
            assert page.one("div", class_="prose").text == beside
            assert ("What not to do Do not Do not confront" in in_guide) == (slug == "signs")
            cited = [a.attrs["href"] for a in page.one("details", class_="sources").all("a")]
            assert cited == list(row.citations.values_list("url", flat=True))
            assert len(cited) > 0
            beside = [*SLUGS[max(n - 1, 0) : n], *SLUGS[n + 1 : n + 2]]  # one leads to the next
            beside = [f"/learn/{each}/" for each in beside]
            assert [a.attrs["href"] for a in page.one("nav", class_="pager").all("a")] == beside


def test_the_guide_ends_with_its_source_and_the_appeal(client, starter):
    appeal = CallToAction.objects.get()
    appeal.published, appeal.button, appeal.url = True, "Give once", "https://give.example/"
    appeal.save()
    text = read(client.get("/learn/")).one("main").text
    assert SiteSettings.load().source_note in read(client.get("/learn/all/")).one("main").text
    note = SiteSettings.load().source_note
    assert "National Human Trafficking Hotline" in note
    assert text.index(note) < text.index(appeal.heading)
    assert appeal.heading == "We need your support"


def test_no_sentence_is_taken_over_from_the_page_it_replaces(starter):
    """The facts carry over; the sentences don't."""
    reference = ROOT.parent / "shared" / "reference" / "learn-page.txt"
    if not reference.exists():  # only beside this checkout
        return
    ours = " ".join(re.sub(r"<[^>]+>", " ", s.body + s.summary) for s in Section.objects.all())
    ours = " ".join(ours.split()).lower()
    sentences = re.split(r"(?<=[.?!])\s", " ".join(reference.read_text("utf-8").split()).lower())
    taken = [s for s in sentences if len(s.split()) > 5 and s in ours]
    assert taken == []


# --- Help ----------------------------------------------------------------------------


def is_number(link):
    return link.attrs.get("class") == "number"


def test_the_help_lines_of_a_new_site(client, starter):
    """What was seen, with what it is; the issue asks for these very numbers."""
    main = read(client.get("/help/")).one("main")
    shown = [a.attrs["href"] for a in main.all("a") if a.parent.tag == "li" or is_number(a)]
    assert shown[:7] == [
        "tel:911",
        "tel:+18883737888",
        "sms:233733",
        "https://humantraffickinghotline.org/chat",
        "tel:711",
        "tel:+18008435678",  # the nation's first
        "tel:+18003923738",
    ]
    for row in HelpLine.objects.exclude(where="report"):
        assert shown.count(row.href) == 1
        line = main.one("div", id=f"line-{row.pk}")
        for words in (row.name, row.description, row.hours, row.languages, row.leaves_behind):
            assert words in line.text
        assert not row.source_url or row.source_url in [a.attrs["href"] for a in line.all("a")]
        assert row.checked_on is None, row.name  # it means that somebody called
        assert "hecked" not in line.text


def test_the_help_page_tells_what_happens_when_you_call(client, starter):
    first = read(client.get("/help/")).one("ul", class_="ways").all("li", class_="")[2].one("a")
    assert first.text == "What happens when you call"
    assert "What you can refuse" in read(client.get(first.attrs["href"])).one("article").text


@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
def test_a_changed_number_changes_everywhere(client, starter):
    """So no page has one of its own: numbers come from the rows alone."""

    def shown(answers, *spellings):
        answers = {**answers, **public.error_pages(client)}
        texts = {address: public.words_of(answer) for address, answer in answers.items()}
        return [{a for a, text in texts.items() if number in text} for number in spellings]

    spelled = "1-888-373-7888", "8883737888", "233733"
    call, digits, text = shown(public.walked(client), *spelled)
    for old, new in (("1-888-373-7888", "1-800-555-0123"), ("233733", "555123")):
        row = HelpLine.objects.get(number=old)
        row.number = new
        row.save()
    new = "1-800-555-0123", "8005550123", "555123"
    found = shown(public.visit(client, pictures=False), *spelled, *new)
    assert found == [set(), set(), set(), call, digits, text]
    for found in (call, digits, text):
        assert found >= {*public.STARTER_PAGES, "400", "404", "405", "500", "503"}


def test_no_number_stands_in_the_code_or_the_other_words():
    number = re.compile(r"\d{3}\W{1,2}\d{3}\W\d{4}|\d{3}[-.]\d{4}\b(?!/)|233733|\b1-8\d\d-")
    comment = re.compile(r"/\*.*?\*/", re.DOTALL)
    folders = ("awareness", "pages", "stats", "templates", "static", "locale")
    kinds = {".py", ".html", ".txt", ".toml", ".css", ".js", ".svg", ".po"}
    files = (path for folder in folders for path in (ROOT / folder).rglob("*"))
    found = [
        path.name
        for path in files
        if path.suffix in kinds and number.search(comment.sub("", path.read_text("utf-8")))
    ]
    assert set(found) == {"help_lines.toml", "services.toml"}


# --- Sources, and what is said of them -----------------------------------------------


def test_every_section_of_the_guide_names_its_sources(starter):
    for section in Section.objects.guide():
        assert section.citations.exists(), section.slug
    for citation in Citation.objects.all():
        assert citation.url.startswith("https://")
        assert citation.title != ""
        assert citation.publisher != ""
        # Read on a day, or staff are told that nobody has opened it yet.
        assert citation.read_on or citation.staff_note.startswith("Not opened"), citation
        assert not citation.read_on or citation.read_on <= datetime.date(2026, 11, 28)


def test_what_is_for_staff_stands_on_no_page(client, starter):
    said = {citation.staff_note for citation in Citation.objects.all()} - {""}
    assert said
    factories.citation(Section.objects.get(slug="signs"), note_en="For readers")
    for address in (
        "/learn/",
        "/learn/all/",
        "/learn/signs/",
        "/safety/",
        "/help/",
        "/es/learn/all/",
    ):
        text = public.words_of(client.get(address))
        assert [words for words in [*said, "stored copy"] if words in text] == [], address
    assert "For readers" in public.words_of(client.get("/learn/signs/"))


def test_the_update_and_the_appeal_are_templates_that_nobody_sees(client, starter):
    for row in (*Update.objects.all(), CallToAction.objects.get()):
        assert not row.published
        assert "[" in str(row) + str(getattr(row, "message", ""))
        if isinstance(row, Update):
            assert client.get(row.get_absolute_url()).status_code == 404
    for address in ("/", "/learn/", "/updates/", "/donate/"):
        main = read(client.get(address)).one("main")
        assert "[" not in main.text, address
        assert main.all("section", class_="card appeal") == [], address
    assert SiteSettings.load().ein == ""


def test_donate_is_in_the_menu_once_an_appeal_has_a_button(client, starter):
    """Until then its page says what support does, and how to write to whoever has an address."""

    main = {"aria-label": "Main menu"}

    def menu():
        return [a.text for a in read(client.get("/")).one("nav", **main).all("a")]

    page = read(client.get("/donate/")).one("main").text
    assert "Your support helps" in page
    assert "write to us" not in page
    assert "Donate" not in menu()
    factories.appeal()
    assert "Donate" not in menu()
    SiteSettings.objects.update(contact_email="help@ours.example")
    page = read(client.get("/donate/")).one("main").text
    assert "write to us" in page
    assert "help@ours.example" in page
    factories.appeal(button="Give once", url="https://give.example/")
    assert "Donate" in menu()
    assert "cannot give" not in read(client.get("/donate/")).one("main").text


def test_about_says_nothing_that_is_empty(client, starter):
    page = read(client.get("/about/")).one("main")
    assert page.all("section", class_="card prose") == []
    assert "tell us" not in page.text
    SiteSettings.objects.update(contact_email="help@ours.example")
    text = read(client.get("/about/")).one("main").text
    assert "help@ours.example" in text
    assert "please tell us" in text


def test_who_must_report_is_told_to_beside_the_child_hotline(client, starter):
    """RSMo 210.115: a call to the national line does not replace it."""
    for address, words in {
        "/help/": ("must report here", "A call to the national hotline does not replace it."),
        "/learn/signs/": ("must", "Calling the national hotline does not replace that report."),
    }.items():
        text = read(client.get(address)).one("main").text
        for word in ("RSMo 210.115", *words):
            assert word in text, (address, word)


def test_nobody_is_used_and_spanish_has_one_word_for_a_thing(starter):
    english = r"\b(?:is|are|be|being) used for\b|\bgotten\b|getting one|North Dakota|bots"
    spanish = (
        r"pueda tocar|cuenta del teléfono|sufr\w+ la trata|víctimas de trata|\bclave\b|«|"
        r"[Pp]ulse|\bToque\b"
    )
    for model in (Section, HelpLine, SiteSettings, Update, CallToAction, Measure):
        for row in model.objects.values():
            for name, value in row.items():
                wrong = spanish if name.endswith("_es") else english
                assert not re.search(wrong, str(value)), (model.__name__, name, value)


def test_nothing_of_it_promises_what_nobody_has_shown(starter):
    words = " ".join(
        str(value) for model in CONTENT for row in model.objects.values() for value in row.values()
    )
    words = re.sub(r"“[^”]*”", "", words)  # such words as an advice says not to use
    for word in ("epidemic", "rescue", "every minute", "lorem"):
        assert word not in words.lower()


# --- Loading it ----------------------------------------------------------------------


def load():
    said = io.StringIO()
    call_command("load_starter", stdout=said)
    return said.getvalue()


def everything():
    return {model: serializers.serialize("json", model.objects.order_by("pk")) for model in CONTENT}


@pytest.mark.also_postgres
def test_there_is_something_of_every_kind_with_its_first_version(starter):
    empty = {model.__name__ for model in CONTENT if not model.objects.exists()}
    # What a gift pays for is the nonprofit's to say, and so is what is different today; it has
    # pictures and campaigns of its own, and nothing has been corrected yet.
    assert empty == {"Amount", "CampaignLink", "Correction", "Image", "Notice"}
    counts = {m: m.objects.count() for m in (Place, Measure, Headline, ReadingGuide, Figure)}
    assert counts == {Place: 2, Measure: 3, Headline: 5, ReadingGuide: 1, Figure: 63}
    assert Source.objects.count() == len(set(Source.objects.values_list("url", "title")))
    missing = {
        model.__name__
        for model in CONTENT
        if not reversion.is_registered(model)
        or model.objects.count() != Version.objects.get_for_model(model).count()
    }
    assert missing == {"Correction", "Synonym"}  # the one never changes, the other is a line


@pytest.mark.also_postgres
def test_a_second_time_changes_nothing(starter):
    before, versions = everything(), Version.objects.count()
    assert load() == "There is content already: nothing was changed.\n"
    assert everything() == before
    assert Version.objects.count() == versions


def test_what_staff_changed_or_deleted_stays_so(starter):
    Section.objects.filter(slug="signs").update(title_en="Our own words", published=False)
    HelpLine.objects.filter(kind="chat").delete()
    Figure.objects.filter(value=10_360).delete()
    SiteSettings.objects.update(site_name="Another name")
    before = everything()
    load()
    assert everything() == before


def test_only_what_is_empty_is_filled(starter):
    for model in (Section, HelpLine, Update, CallToAction, SiteSettings):
        model.objects.all().delete()
        rest = everything()
        assert load() == f"Starter content loaded: {model._meta.verbose_name_plural}.\n"
        assert model.objects.exists()
        now = everything()
        changed = {m for m in now if now[m] != rest[m]}
        assert model in changed <= {model, Citation}, model


def test_a_site_of_before_gets_the_kinds_that_it_lacks_as_drafts(starter):
    lacking = Section.objects.filter(kind__in=["question", "word"])
    count = lacking.count()
    lacking.delete()
    factories.section(slug="who-answers", kind="page")  # its own page of that address stays
    rest = {row.pk: row.updated_at for row in Section.objects.all()}
    assert load() == "Starter content loaded: sections and pages.\n"
    made = Section.objects.exclude(pk__in=rest)
    assert made.count() == count - 1
    assert {(row.kind, row.published) for row in made} == {("question", False), ("word", False)}
    assert {row.pk: row.updated_at for row in Section.objects.filter(pk__in=rest)} == rest


def test_every_body_is_as_the_editor_would_save_it(starter):
    """Opening and saving a section changes nothing that nobody touched."""
    from awareness.content.richtext import review

    for row in [*Section.objects.all(), *Update.objects.all()]:
        report = review(row.body)
        assert (report.html, report.refused, report.tidied) == (row.body, [], [])
