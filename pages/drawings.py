"""The names of the drawings in templates/drawings/, each a window in the shape of the mark."""

from django.utils.translation import gettext_lazy as _

CHOICES = [
    ("scene", _("Road to a house at night")),
    ("road", _("Road")),
    ("roadsign", _("Road sign")),
    ("truck", _("Truck")),
    ("motel", _("Motel sign")),
    ("house", _("House")),
    ("town", _("Town")),
    ("door", _("Open door")),
    ("lamp", _("Lamp")),
    ("table", _("Table")),
    ("field", _("Field")),
    ("classroom", _("Classroom")),
    ("clinic", _("Clinic")),
    ("phone", _("Phone")),
    ("screen", _("Screen")),
    ("letter", _("Letter")),
    ("book", _("Book")),
    ("bubble", _("Speech bubble")),
    ("calendar", _("Calendar")),
    ("scales", _("Scales")),
    ("compass", _("Compass")),
    ("globe", _("Globe")),
    ("missouri", _("Missouri")),
]
NAMES = {name for name, _label in CHOICES}

# Of what has none of its own: by its heading in the guide, then by where it belongs.
OF_PLACE = {
    "what": "lamp",
    "who": "town",
    "why": "road",
    "act": "door",
    "guide": "lamp",
    "signs": "roadsign",
    "help": "phone",
    "audience": "bubble",
    "question": "bubble",
    "myth": "bubble",
    "word": "book",
    "page": "missouri",
    "safety": "compass",
}


def one_of(drawing, *places):
    """The drawing by this name or, where there is no such, the one of the first place."""
    found = [drawing, *(OF_PLACE.get(place) for place in (drawing, *places))]
    return next(name for name in found if name in NAMES)
