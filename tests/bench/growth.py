"""What a page costs to make, uncached, as the content grows: milliseconds, and times the first."""

import time

from tests.bench.database import starter_content

ROUNDS = 9
STEPS = [(12, 30), (60, 300), (600, 3000)]  # sections of the guide, figures
PAGES = ["/", "/help/", "/learn/", "/learn/signs/", "/statistics/", "/statistics/grown/"]


def measure(folder):
    with starter_content():
        from stats.models import Figure
        from tests import factories

        Figure.objects.all().delete()
        place, source = factories.place(slug="grown"), factories.source()
        sections = figures = 0
        first = {}
        print(f"{'':20}" + "".join(f"{f'{s} sections, {f} figures':>28}" for s, f in STEPS))
        table = dict.fromkeys(PAGES, "")
        for wanted_sections, wanted_figures in STEPS:
            for _ in range(sections, wanted_sections):
                factories.section(body="<p>Words of a section.</p>" * 20)
            add_figures(factories, place, source, figures, wanted_figures)
            sections, figures = wanted_sections, wanted_figures
            for page in PAGES:
                took = milliseconds(page)
                first.setdefault(page, took)
                table[page] += f"{took:>18.1f} ms {took / first[page]:>5.1f} x"
        for page, row in table.items():
            print(f"{page:20}{row}", flush=True)


def add_figures(factories, place, source, have, wanted):
    """Three measures by year; from the 19th year on further vintages of the same years."""
    import datetime

    from stats.models import Figure, Measure

    measures = list(Measure.objects.all()[:3])
    rows = []
    for n in range(have, wanted):
        year, vintage = 2007 + n // 3 % 18 + 1, n // 54
        rows.append(
            Figure(
                place=place,
                measure=measures[n % 3],
                first_day=datetime.date(year, 1, 1),
                last_day=datetime.date(year, 12, 31),
                value=100 + n,
                as_of=datetime.date(2020, 1, 1) + datetime.timedelta(days=vintage),
                source=source,
            )
        )
    Figure.objects.bulk_create(rows)


def milliseconds(page, rounds=ROUNDS):
    """Of the processor, whatever the neighbours on the machine do; of the quickest round."""
    from django.test import Client

    client = Client(headers={"Host": "localhost"})
    assert client.get(page).status_code == 200, page
    took = []
    for _ in range(rounds):
        begin = time.process_time()
        client.get(page)
        took.append((time.process_time() - begin) * 1000)
    return min(took)
