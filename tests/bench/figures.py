"""What a page of figures costs to make, uncached, with 30, 300 and 3,000 of them."""

from tests.bench.database import starter_content
from tests.bench.growth import add_figures, milliseconds
from tests.bench.limits import line

STEPS = (30, 300, 3000)
PAGES = ["/statistics/", "/statistics/grown/", "/statistics/?show=table", "/statistics/data.csv"]
ROUNDS = 31


def measure(folder):
    with starter_content():
        from stats.models import Figure
        from tests import factories

        place, source = factories.place(slug="grown"), factories.source()
        took = {page: [] for page in PAGES}
        have = 0
        Figure.objects.all().delete()
        for wanted in STEPS:
            add_figures(factories, place, source, have, wanted)
            have = wanted
            for page in PAGES:
                took[page].append(milliseconds(page, ROUNDS))
        for page, (few, more, many) in took.items():
            print(f"{page}: {few:.1f} ms, {more:.1f} ms, {many:.1f} ms")
            line("    300 figures / 30", more / few, None if "data" in page else 1.5)
