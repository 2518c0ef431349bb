"""What a page says of itself to machines: schema.org as JSON-LD. A browser runs none of it.

No help line is an EmergencyService, and none of what is missing is made up.
"""

from django import template
from django.urls import reverse
from django.utils.html import json_script
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from awareness.web.addresses import absolute
from awareness.web.language import missing
from stats import sentences
from stats.downloads import FORMS

register = template.Library()
PLAIN, LINKED = 'type="application/json"', 'type="application/ld+json"'
FILES = ("csv", "json", "zip")


def linked(kind, **properties):
    """One thing, without what is empty."""
    return {"@type": kind} | {name: value for name, value in properties.items() if value}


def written(*things):
    """Django escapes what could end the element."""
    graph = {"@context": "https://schema.org", "@graph": list(things)}
    if not things:
        return ""
    return SafeString(json_script(graph).replace(PLAIN, LINKED, 1))


def publisher(site_context):
    return linked("NGO", name=site_context.site.site_name, url=absolute(reverse("home")))


def contact(line):
    way = {"url": line.url} if line.kind == line.Kind.CHAT else {"telephone": line.number}
    return linked("ContactPoint", contactType=line.name, **way)


@register.simple_tag(takes_context=True)
def ld_organisation(context):
    """Who we are, and the lines to call: on the home page and in About."""
    site_context = context["site_context"]
    site = site_context.site
    lines = [line for line in site_context.first_lines if line.kind != line.Kind.EMERGENCY]
    return written(
        linked(
            "NGO",
            name=site.organisation_name or site.site_name,
            url=absolute(reverse("home")),
            description=site.tagline,
            logo=site.logo and absolute(site.logo.file.small),
            email=site.contact_email,
            address=site.contact_address,
            taxID=site.ein,
            contactPoint=[contact(line) for line in lines],
        )
    )


def article(item, site_context, address):
    return linked(
        "Article",
        headline=item.title,
        description=item.summary,
        url=address,
        inLanguage="en" if missing(item, "title") else get_language(),
        datePublished=item.publish_at.isoformat(),
        dateModified=item.shown_since.isoformat(),
        image=item.picture and absolute(item.picture.file.small),
        author=publisher(site_context),
        publisher=publisher(site_context),
    )


def location(item, address):
    if (item.place_en or "").casefold() == "online":
        return linked("VirtualLocation", url=item.sign_up_url or address)
    return item.place and linked("Place", name=item.place, address=item.place)


def event(item, site_context, address):
    return linked(
        "Event",
        name=item.title,
        description=item.summary,
        url=address,
        startDate=item.starts_at.isoformat(),
        endDate=item.ends_at.isoformat(),
        location=location(item, address),
        image=item.picture and absolute(item.picture.file.small),
        organizer=publisher(site_context),
    )


def crumbs(*steps):
    items = [
        linked("ListItem", position=n, name=str(name), item=address)
        for n, (name, address) in enumerate(steps, 1)
    ]
    return linked("BreadcrumbList", itemListElement=items)


@register.simple_tag(takes_context=True)
def ld_text(context, item):
    """A section, page or update, and where it stands."""
    address = context["canonical"]
    is_event = getattr(item, "starts_at", None) and item.ends_at
    made = (event if is_event else article)(item, context["site_context"], address)
    route, title = getattr(item, "index", ("pages:updates", _("Updates"))) or ("home", _("Home"))
    return written(made, crumbs((title, absolute(reverse(route))), (item.title, address)))


@register.simple_tag(takes_context=True)
def ld_figures(context):
    """The figures of a page, and its files."""
    choice, site_context = context["choice"], context["site_context"]
    return written(
        linked(
            "Dataset",
            name=sentences.title(choice),
            description=choice.guide.caveat or sentences.title(choice),
            url=context["address"],
            inLanguage=get_language(),
            isAccessibleForFree=True,
            temporalCoverage=f"{choice.first}/{choice.last}",
            spatialCoverage=[place.name for place in choice.places],
            variableMeasured=[measure.name for measure in choice.measures],
            dateModified=choice.known_until and choice.known_until.isoformat(),
            creator=publisher(site_context),
            distribution=[
                linked(
                    "DataDownload",
                    encodingFormat=FORMS[form][1].partition(";")[0],
                    contentUrl=choice.address_of(f"data.{form}"),
                )
                for form in FILES
            ],
        )
    )


@register.simple_tag(takes_context=True)
def ld_giving(context):
    """Each appeal that says where to give."""
    to = publisher(context["site_context"])
    asks = [(appeal.heading, appeal.give_url) for appeal in context["appeals"] if appeal.url]
    return written(*(linked("DonateAction", name=n, target=url, recipient=to) for n, url in asks))
