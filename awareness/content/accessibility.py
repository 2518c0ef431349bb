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
    "contrast": _("Text stands out from its background at 7 to 1 or more (level AAA)."),
    "targets": _("Buttons and links that stand alone are at least 44 pixels high and wide."),
    "keyboard": _("The keyboard alone reaches and works everything, and shows where it is."),
    "zoom": _("At 400 percent zoom, pages scroll one way only."),
    "spacing": _("Wider spacing of letters, words and lines cuts nothing off."),
    "motion": _("Nothing moves by itself."),
    "script": _("Everything works without JavaScript."),
}
