"""Events as calendar files. icalendar writes them: lines of 75 bytes, escapes, times."""

from django.http import HttpResponse
from icalendar import Calendar, Event

from awareness.web.addresses import absolute


def calendar(request, updates, name):
    made = Calendar()
    made.add("prodid", "-//Aware Missouri//EN")
    made.add("version", "2.0")
    made.add("x-wr-calname", name)
    for update in updates:
        event = Event()
        address = absolute(update.get_absolute_url())
        event.add("uid", f"{update.pk}@{request.get_host()}")
        event.add("dtstamp", update.updated_at)
        event.add("dtstart", update.starts_at)
        event.add("dtend", update.ends_at)
        event.add("summary", update.title)
        event.add("description", f"{update.summary}\n{address}")
        event.add("url", address)
        if update.place:
            event.add("location", update.place)
        made.add_component(event)
    return HttpResponse(made.to_ical(), "text/calendar; charset=utf-8")
