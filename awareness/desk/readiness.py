"""What a draft, which may lack anything, still lacks to be published, and what is wrong with it."""

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

from .item_version import relations

# What else stops a publication: functions of a version that return [(field, message)].
CHECKS = []


class NotReady(Exception):
    def __init__(self, found):
        super().__init__(found)
        self.found = found


def problems(version):
    """[(field, message)], in the order of the form. A field is named as it is there, rows by their
    place among those that stay ("citations-0-url"); "" is the item as a whole."""
    found = mistakes(version.item)
    for name, key in relations(type(version.item)).items():
        for n, row in enumerate(version.inlines[name]):
            wrong = mistakes(row, [key.name])
            found += [(f"{name}-{n}-{field}", message) for field, message in wrong]
    return found + checked(version)


def checked(version):
    """As above, of a version that its tables could take."""
    return [problem for check in CHECKS for problem in check(version)]


def mistakes(row, exclude=()):
    """Why its table could not take it."""
    try:
        row.full_clean(exclude=[*exclude])
    except ValidationError as error:
        return [
            ("" if field == NON_FIELD_ERRORS else field, message)
            for field, messages in error.message_dict.items()
            for message in messages
        ]
    return []


def check(version):
    """Raises ValidationError, of whose sentences those about a row name it."""
    found = problems(version)
    if found:
        raise ValidationError([f"{of_row(version, field)}{message}" for field, message in found])


def of_row(version, field):
    name, _dash, rest = field.partition("-")
    number = rest.partition("-")[0]
    return f"{version.inlines[name][int(number)]}: " if name in version.inlines else ""
