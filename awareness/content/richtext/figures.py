"""A picture in a text: <figure data-picture="12"><figcaption>words</figcaption></figure>.

The number is that of its row; what is shown of it comes from there.
"""

import re

FIGURE = re.compile(
    r'<figure data-picture="(\d{1,9})">(?:<figcaption>(.*?)</figcaption>)?</figure>', re.DOTALL
)


def marked(number):
    """What stands in every text that shows this picture."""
    return f'data-picture="{number}"'


def numbers(html):
    return {int(number) for number, _caption in FIGURE.findall(html)}
