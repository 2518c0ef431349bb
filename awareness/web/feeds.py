"""Feeds, Atom and JSON, all made in one way."""

import datetime
import re

from django.http import HttpResponse, JsonResponse
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


def prepared(page, entries):
    """An entry is a dict of row, title, link, description, pubdate and updateddate."""
    for entry in entries:
        row = entry.pop("row")
        # Of nothing that staff can change: readers take an entry with another id for a new one.
        key = absolute(f"{page}{row.pk}")
        tag = get_tag_uri(key, timezone.localtime(row.recorded_at))
        words = {name: in_xml(entry[name]) for name in ("title", "description")}
        yield {"unique_id": tag, **entry, **words}


def in_short(request):
    """A notice is no entry, which readers would keep for ever: it stands below the title while it
    lasts."""
    return in_xml(request.notice.in_words) if request.notice else None


def atom(request, title, page, author, entries):
    """``page`` is the path of the page that the feed follows."""
    feed = Feed(
        title=in_xml(title),
        link=absolute(page),
        description="",
        feed_url=absolute(request.path),
        author_name=in_xml(author),
        subtitle=in_short(request),
        language=get_language(),
    )
    for entry in prepared(page, entries):
        # A summary is HTML; ours is plain words.
        feed.add_item(**entry | {"description": escape(entry["description"])})
    return HttpResponse(feed.writeString("utf-8"), "application/atom+xml; charset=utf-8")


def json_feed(request, title, page, author, entries):
    """The same as https://www.jsonfeed.org/version/1.1/ wants it."""
    short = in_short(request)
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": in_xml(title),
        "home_page_url": absolute(page),
        "feed_url": absolute(request.path),
        **({"description": short} if short else {}),
        "language": get_language(),
        "authors": [{"name": in_xml(author)}],
        "items": [
            {
                "id": entry["unique_id"],
                "url": entry["link"],
                "title": entry["title"],
                "content_text": entry["description"],
                "date_published": entry["pubdate"].isoformat(),
                "date_modified": entry["updateddate"].isoformat(),
            }
            for entry in prepared(page, entries)
        ],
    }
    kind, words = "application/feed+json", {"ensure_ascii": False}
    return JsonResponse(feed, content_type=kind, json_dumps_params=words)
