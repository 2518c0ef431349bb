"""What a draft, which may lack anything, still lacks to be published, and what is wrong with it.

All of it is said as [(field, sentence)], in the order of the form. A field has its name there; of a
row, with its place among those that stay ("citations-0-url"); "" is the item as a whole.
"""

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

from .item_version import relations


def mistakes(version):
    """Why the tables could not take it."""
    found = of_row(version.item)
    for name, key in relations(type(version.item)).items():
        for n, row in enumerate(version.inlines[name]):
            found += [(f"{name}-{n}-{field}", message) for field, message in of_row(row, key.name)]
    return found


def of_row(row, *exclude):
    try:
        row.full_clean(exclude=exclude)
    except ValidationError as error:
        return [
            ("" if field == NON_FIELD_ERRORS else field, sentence)
            for field, sentences in error.message_dict.items()
            for sentence in sentences
        ]
    return []


def refuse(version):
    """Raises ValidationError if anything is wrong; sentences about a row name it."""
    if found := mistakes(version):
        raise ValidationError([f"{row_of(version, field)}{message}" for field, message in found])


def row_of(version, field):
    name, _dash, rest = field.partition("-")
    number = rest.partition("-")[0]
    return f"{version.inlines[name][int(number)]}: " if name in version.inlines else ""
