"""What is asked before an unusual figure is saved. Each rule has caught a mistake that was printed
somewhere. Whoever typed it may be right, so a reason lets it through: the field *assurance*.
"""

JUMP = 0.5  # of the year before


def problems(figure):
    """{field: message} for a figure whose own fields are well-formed; {} when nothing is unusual,
    or when it stands in the database with these numbers already."""
    return {}
