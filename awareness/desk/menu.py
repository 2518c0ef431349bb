"""The menu of the desk: grouped by what somebody wants to do, and not by where the code lives."""

from django.utils.translation import gettext_lazy as _

GROUPS = [  # key, name, models in their order; in the last, too, what nobody has put anywhere yet
    (
        "content",
        _("Content"),
        [
            "pages.Update",
            "pages.Section",
            "pages.Correction",
            "pages.CallToAction",
            "pages.Notice",
            "pages.HelpLine",
            "pages.Service",
            "pages.LanguageCard",
        ],
    ),
    (
        "figures",
        _("Figures"),
        [
            "stats.Figure",
            "stats.Source",
            "stats.Place",
            "stats.Measure",
            "stats.Break",
            "stats.ReadingGuide",
        ],
    ),
    ("pictures", _("Pictures"), ["pages.Image"]),
    ("people", _("People"), ["auth.User", "auth.Group", "awareness.Event"]),
    (
        "site",
        _("Site"),
        [
            "pages.SiteSettings",
            "awareness.DeskRules",
            "pages.CampaignLink",
            "awareness.OldAddress",
            "pages.Synonym",
            "awareness.AvoidedWord",
        ],
    ),
]


def by_job(app_list):
    """Django's list of apps, as these groups; those in which this person may see nothing are left
    out."""
    left = {model["model"]._meta.label: model for app in app_list for model in app["models"]}
    groups = [
        {"app_label": key, "name": name, "models": [left.pop(m) for m in labels if m in left]}
        for key, name, labels in GROUPS
    ]
    groups[-1]["models"] += left.values()
    return [group for group in groups if group["models"]]
