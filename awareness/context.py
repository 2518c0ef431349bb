"""What every template knows."""

from awareness.addresses import absolute


def page_address(request):
    return {"address": absolute(request.path)}
