"""What every admin of content knows, whether its items have drafts or not."""

from django.urls import reverse


def note_of(request):
    """What was typed for whoever goes on with the draft. PostgreSQL stores no NUL."""
    return request.POST.get("_note", "").replace("\0", "").strip()[:2000]


class Desk:
    is_checked_by_two = False  # whether DeskRules.second_person speaks of it

    def has_publish_permission(self, request):
        """Where nothing can be a draft, whoever changes an item publishes it."""
        return self.has_change_permission(request)

    def address(self, view, item=None):
        args = [] if item is None else [item.pk]
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{view}", args=args)
