from django.shortcuts import get_object_or_404, render

from awareness.public import public

from .models import Place, ReadingGuide
from .series import read_leads, read_series


@public
def overview(request):
    series = read_series()
    context = {
        "leads": read_leads(),
        "series": series,
        "measures": [row.measure for row in next(iter(series.values()), [])],
        "guide": ReadingGuide.load(),
    }
    return render(request, "stats/overview.html", context)


@public
def place(request, slug):
    found = get_object_or_404(Place, slug=slug)
    series = read_series([found])[found]
    context = {
        "place": found,
        "series": series,
        "measures": [row.measure for row in series],
        "guide": ReadingGuide.load(),
    }
    return render(request, "stats/place.html", context)
