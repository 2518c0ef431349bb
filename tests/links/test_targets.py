"""What the editor's link box finds: awareness/links/targets.py."""

from tests import factories


def found(client, words, language="en"):
    answer = client.get("/admin/link-targets/", {"q": words, "language": language}).json()
    return [
        (one["address"], one["title"], one["beside"], one["state"]) for one in answer["targets"]
    ]


def test_pages_and_headings_are_found_in_both_languages(admin_client):
    body = "<p>x</p><h2>Who &amp; <em>why</em></h2><p>y</p><h2>Where</h2>"
    spanish = {"title_es": "El algodón", "body_es": "<h2>Dónde</h2><p>z</p>"}
    factories.section(title="On cotton", slug="cotton", body=body, **spanish)
    factories.update(title="Cotton day", slug="cotton-day", body="<h2>Where</h2>", published=False)
    page = ("/learn/cotton/", "On cotton", "El algodón", "")
    headings = [
        ("/learn/cotton/#on--who-why", "Who & why", "", ""),
        ("/learn/cotton/#on--where", "Where", "", ""),
    ]
    update = [
        ("/updates/cotton-day/", "Cotton day", "", "Draft"),
        ("/updates/cotton-day/#on--where", "Where", "", "Draft"),
    ]
    assert found(admin_client, "cotton") == [page, *headings, *update]
    assert found(admin_client, "ALGODON") == [page, *headings]
    assert found(admin_client, "where cotton") == [headings[1], update[1]]
    there = ("/learn/cotton/", "El algodón", "On cotton", "")
    assert found(admin_client, "algodón", "es") == [
        there,
        ("/learn/cotton/#on--donde", "Dónde", "", ""),
    ]
    for words in ("", "a", "nothing of that kind", '"', "x" * 5000):
        assert found(admin_client, words) == []


def test_the_pages_that_are_always_there_and_places_are_found(admin_client):
    factories.place(name="Missouri", slug="missouri")
    assert ("/help/", "Get help now", "Obtenga ayuda ahora", "") in found(admin_client, "help now")
    address, title, *_rest = found(admin_client, "missouri")[0]
    assert (address, title) == ("/statistics/missouri/", "Missouri")


def test_a_heading_of_an_update_has_the_address_that_is_offered(admin_client, client):
    factories.update(slug="day", title="A day", body="<p>x</p><h2>Where</h2><p>y</p>")
    address, anchor = found(admin_client, "where")[0][0].split("#")
    assert f'<h2 id="{anchor}">Where</h2>' in client.get(address).content.decode()
