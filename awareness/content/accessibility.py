"""What the site says of its accessibility, and what the suite tests of it: one list.

tests/browser/test_accessibility.py has one test for each name and fails when one is missing, so
the statement on the about page cannot say more than what is tested.
"""

from django.utils.translation import gettext_lazy as _

TESTED = {
    "axe": _(
        "Every page, in English and Spanish, in light, dark and forced colors, on a narrow and a "
        "wide screen, passes the automated checks of axe-core for WCAG 2.2, level AA."
    ),
    "contrast": _("Text has a contrast of at least 7 to 1 with its background (level AAA)."),
    "targets": _("Buttons, and links outside of sentences, are at least 44 pixels high and wide."),
    "keyboard": _("You can reach and use everything with only a keyboard, and see where you are."),
    "zoom": _("At 400 percent zoom, pages scroll in only one direction."),
    "spacing": _("Nothing is cut off when you add space between letters, words, and lines."),
    "motion": _("Nothing moves on its own."),
    "script": _("Everything works without JavaScript."),
}
