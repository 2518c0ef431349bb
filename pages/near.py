"""Help near you: services by region, and those of one county."""

from . import counties
from .models import Service


def by_region():
    """[(region, its services)], the whole state's first; each is in every region it serves."""
    services = list(Service.objects.live())
    whole = [service for service in services if counties.ALL in service.county_names]
    found = [("", whole)] if whole else []
    for region, names in counties.regions():
        here = [s for s in services if set(s.county_names) & set(names)]
        found += [(region, here)] if here else []
    return found


def in_county(county):
    """Those of this county first, then the whole state's."""
    services = list(Service.objects.live())
    own = [service for service in services if county in service.county_names]
    whole = [service for service in services if counties.ALL in service.county_names]
    return own + [service for service in whole if service not in own]
