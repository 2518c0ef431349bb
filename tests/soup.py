"""HTML as somebody writes it who wants more than to be read: for tests of the sanitiser."""

import re

from hypothesis import strategies as st

CANARY = "hit()"  # what any of it would run
FAR = "https://evil.example/x"  # what any of it would load

VECTORS = [
    "<script>hit()</script>",
    "<script src=https://evil.example/x></script>",
    "<scr<script>ipt>hit()</script>",
    "<img src=https://evil.example/x onerror=hit()>",
    "<img srcset='https://evil.example/x 1x' alt=`<img src=x onerror=hit()>`>",
    '<image/src="//evil.example/x">',
    "<svg onload=hit()>",
    "<svg><script>hit()</script>",
    "<svg><style><img src=x onerror=hit()></style>",
    "<svg><a xlink:href='javascript:hit()'><text>x</text></a>",
    "<svg><use href='data:image/svg+xml,<svg id=x onload=hit()>#x'/>",
    "<svg><animate onbegin=hit() attributeName=x dur=1s>",
    "<svg><foreignObject><p><style><!--</style><img src=x onerror=hit()>-->",
    "<svg></p><style><a id='</style><img src=1 onerror=hit()>'>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src onerror=hit()>'>",
    "<math><mi//xlink:href='data:x,<script>hit()</script>'>",
    "<math><annotation-xml encoding='text/html'><img src=x onerror=hit()></annotation-xml>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=hit()>",
    "<noscript><p title='</noscript><img src=x onerror=hit()>'>",
    "<noembed><img src=x onerror=hit()></noembed>",
    "<template><img src=x onerror=hit()></template>",
    "<textarea><img src=x onerror=hit()></textarea>",
    "<title><img src=x onerror=hit()></title>",
    "<xmp><img src=x onerror=hit()></xmp>",
    "<plaintext><img src=x onerror=hit()>",
    "<select><template><img src=x onerror=hit()></select>",
    "<iframe srcdoc='<script>parent.hit()</script>'></iframe>",
    "<iframe src=https://evil.example/x></iframe>",
    "<object data=https://evil.example/x></object><embed src=//evil.example/x>",
    "<video><source onerror=hit()></video><audio src=//evil.example/x autoplay>",
    "<link rel=preload href=https://evil.example/x as=image>",
    "<link rel=stylesheet href=//evil.example/x>",
    "<style>@import 'https://evil.example/x';p{background:url(//evil.example/x)}</style>",
    "<p style='background:url(https://evil.example/x)'>",
    "<meta http-equiv=refresh content='0;url=https://evil.example/x'>",
    "<base href=https://evil.example/>",
    "<body onload=hit() background=//evil.example/x>",
    "<table background=https://evil.example/x><td background='//evil.example/x'>",
    "<form action=https://evil.example/x><button autofocus onfocus=hit()>",
    "<input type=image src=https://evil.example/x autofocus onfocus=hit()>",
    "<details open ontoggle=hit()><summary>x",
    "<marquee onstart=hit()>x</marquee>",
    "<a href=javascript:hit()>x</a>",
    "<a href='JaVaScRiPt:hit()'>x</a>",
    "<a href='java\tscript:hit()'>x</a>",
    "<a href='java&#10;script:hit()'>x</a>",
    "<a href='&#x6a;avascript&colon;hit()'>x</a>",
    "<a href='\x01javascript:hit()'>x</a>",
    "<a href='data:text/html,<script>hit()</script>'>x</a>",
    "<a href='//evil.example/x'>x</a>",
    "<a href='/\\evil.example/x'>x</a>",
    "<a href='/&#9;/evil.example/x'>x</a>",
    "<a href='https:evil.example'>x</a>",
    "<a href='/es//evil.example/x'>x</a>",
    "<a href=/ping ping=https://evil.example/x>x</a>",
    "<a href=/ onclick=hit() style=color:red target=_blank>x</a>",
    "<!--><img src=x onerror=hit()>-->",
    "<!-- --!><img src=x onerror=hit()>-->",
    "<![CDATA[><img src=x onerror=hit()>]]>",
    "<?xml version='1.0'?><img src=x onerror=hit()>",
    "</p title='><img src=x onerror=hit()>'>",
    '<p id=x name=hit title="\'><script>hit()</script>">',
    "<abbr title='&lt;img src=x onerror=hit()&gt;'>x</abbr>",
    "<abbr title='\"><img src=x onerror=hit()>'>x</abbr>",
    "<span lang='es\" onfocus=hit() autofocus tabindex=0 x=\"'>x</span>",
    "<td colspan='1\" onfocus=hit() x=\"'>x</td>",
    "&lt;img src=x onerror=hit()&gt;",
    "&amp;lt;script&amp;gt;hit()&amp;lt;/script&amp;gt;",
    "<custom-x onfocus=hit() tabindex=1 autofocus>",
    "<p is=x-y slot=a part=b>x</p><slot onslotchange=hit()>",
    "<frameset onload=hit()><frame src=//evil.example/x>",
]
TAGS = re.findall(
    r"\S+",
    """
    a abbr annotation-xml b base blockquote body br button caption cite col colgroup dd
    details div dl dt em embed fieldset figcaption figure font foreignObject form frameset
    h1 h2 h3 h4 head
    hr html i iframe img input li link math meta mglyph mi mtext noembed noscript object
    ol option p plaintext pre q rp rt ruby script select span strong style sub summary sup
    svg table tbody td template textarea tfoot th thead title tr u ul video xmp
    """,
)
NAMES = re.findall(
    r"\S+",
    """action autofocus background class colspan data data-picture formaction href http-equiv id is
    lang onclick onerror onfocus onload poster rel rowspan scope src srcdoc srcset style tabindex
    title xlink:href xmlns x""",
)
VALUES = [
    *("hit()", "javascript:hit()", " javascript:hit()", "jav&#x09;ascript:hit()", FAR),
    *("//evil.example/x", "/\\evil.example", "data:text/html,x", "https://good.example/", "/help/"),
    *("mailto:a@b.example", "tel:911", "sms:911", "#x", "?a=b", "es", "en-US", "2", "row", "x"),
    *("'", '"', ">", "<", "--", "]]>", "`", "\x00", "\x0b", "\u2028", "\u202e", "", "a b=c"),
]
# Bytes on which parsers differ.
ODD = [
    *("\x00", "\x0b", "\x0c", "\t", "\r\n", "\x7f", "\x85", "\u2028", "\ufeff", "&", "&#", "&#x0;"),
    *(
        "&#0",
        "&colon;",
        "&Tab;",
        "&NewLine;",
        "&lt",
        "&#60;",
        "&quot;",
        "<",
        "</",
        "<!",
        "<?",
        "/>",
    ),
    *(">", "'", '"', "`", "=", "-->", "]]>", "</script>", "</style>", "</noscript>", "</title>"),
]

tags = st.sampled_from(TAGS)
quotes = st.sampled_from(["", "'", '"'])
values = st.lists(st.sampled_from(VALUES), min_size=1, max_size=2).map("".join)
attributes = st.builds(
    lambda space, name, quote, value: f"{space}{name}={quote}{value}{quote}",
    st.sampled_from([" ", "/", "\n", "\t", "\x0c", ""]),
    st.sampled_from(NAMES),
    quotes,
    values,
)
opening = st.builds(
    lambda tag, given, end: f"<{tag}{''.join(given)}{end}",
    tags | tags.map(str.upper),
    st.lists(attributes, max_size=3),
    st.sampled_from([">", ">", ">", "/>", " >", ""]),
)
closing = st.builds("</{}{}".format, tags, st.sampled_from([">", ">", " x>", "/>", ""]))
words = st.sampled_from(["x", " words ", "ñ &amp; ", "1 < 2 > 0"]) | st.text(max_size=4)
pieces = opening | opening | closing | st.sampled_from(VECTORS) | st.sampled_from(ODD) | words


def cut(text, places):
    """With something odd put into the midst of it."""
    for at, odd in places:
        at %= len(text) + 1
        text = text[:at] + odd + text[at:]
    return text


soups = st.builds(
    cut,
    st.lists(pieces, min_size=1, max_size=12).map("".join),
    st.lists(st.tuples(st.integers(0, 500), st.sampled_from(ODD)), max_size=3),
)
