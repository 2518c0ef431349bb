"""Atom feeds, all made in one way."""

import datetime
import re

from django.http import HttpResponse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed, get_tag_uri
from django.utils.html import escape
from django.utils.translation import get_language

from awareness.web.addresses import absolute

EPOCH = datetime.datetime.fromtimestamp(0, datetime.UTC)
NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class Feed(Atom1Feed):
    def latest_post_date(self):
        """Of an empty feed Django says "now": it would be another with every request."""
        return super().latest_post_date() if self.items else EPOCH


def in_xml(words):
    """The fields leave such characters out (content/fields.py); one that came by other means
    would make a whole feed unreadable."""
    return NOT_IN_XML.sub(" ", words)


def atom(request, title, page, author, entries):
    """``page`` is the path of the page that the feed follows; an entry is a dict of row, title,
    link, description, pubdate and updateddate. A notice is no entry, which readers would keep for
    ever: it stands below the title while it lasts."""
    feed = Feed(
        title=in_xml(title),
        link=absolute(page),
        description="",
        feed_url=absolute(request.path),
        author_name=in_xml(author),
        subtitle=in_xml(request.notice.in_words) if request.notice else None,
        language=get_language(),
    )
    for entry in entries:
        title, words = (in_xml(entry[name]) for name in ("title", "description"))
        row = entry.pop("row")
        # Of nothing that staff can change: readers take an entry with another id for a new one.
        key = absolute(f"{page}{row.pk}")
        given = {"unique_id": get_tag_uri(key, timezone.localtime(row.recorded_at)), **entry}
        # A summary is HTML; ours is plain words.
        feed.add_item(**given | {"title": title, "description": escape(words)})
    return HttpResponse(feed.writeString("utf-8"), "application/atom+xml; charset=utf-8")
