"""Nothing that runs, fetches or misleads gets past the sanitiser, whichever way it comes in."""

import re

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from awareness.richtext import ALLOWED, MAX_BYTES, clean, review

ATTACKS = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<script\x00>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<img src='https://evil.example/pixel.png'>",
    '<image src=x onerror="alert(1)">',
    '<picture><source srcset="https://evil.example/x"><img></picture>',
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><a xlink:href='javascript:alert(1)'><text y=20>x</text></a></svg>",
    "<svg><animate attributeName=href values=javascript:alert(1) /></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></table>",
    "<math><annotation-xml encoding=text/html><img src=x onerror=alert(1)></annotation-xml></math>",
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>"></noscript>',
    "<template><script>alert(1)</script></template>",
    "<!--[if gte IE 4]><script>alert(1)</script><![endif]-->",
    "<!--{cke_protected}%3Cscript%3Ealert(1)%3C%2Fscript%3E-->",
    "<!--><img src=x onerror=alert(1)>-->",
    "<![CDATA[<img src=x onerror=alert(1)>]]>",
    '<a href="javascript:alert(1)">x</a>',
    '<a href="JaVaScRiPt:alert(1)">x</a>',
    '<a href="java\tscript:alert(1)">x</a>',
    '<a href="java&#10;script:alert(1)">x</a>',
    '<a href="&#106;avascript&colon;alert(1)">x</a>',
    '<a href="\x01javascript:alert(1)">x</a>',
    '<a href=" javascript:alert(1)">x</a>',
    '<a href="java\x00script:alert(1)">x</a>',
    '<a href="data:text/html,<script>alert(1)</script>">x</a>',
    '<a href="vbscript:msgbox(1)">x</a>',
    '<a href="blob:https://evil.example/x">x</a>',
    '<a href="//evil.example/">x</a>',
    '<a href="/\\evil.example/">x</a>',
    '<a href="/&#9;/evil.example/">x</a>',
    '<a href="/\n/evil.example/">x</a>',
    '<a href="\\\\evil.example">x</a>',
    '<a href=" //evil.example">x</a>',
    '<a href="http://evil.example/">x</a>',
    '<a href="https:///evil.example/">x</a>',
    '<a href="https:evil.example">x</a>',
    '<a href="ftp://evil.example/">x</a>',
    '<a href="evil.example/page">x</a>',
    "<base href=https://evil.example/>",
    "<meta http-equiv=refresh content='0;url=https://evil.example/'>",
    "<link rel=stylesheet href=https://evil.example/x.css>",
    "<style>@import 'https://evil.example/x.css'</style>",
    "<p style='background:url(https://evil.example/x)'>x</p>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data=https://evil.example/x></object><embed src=https://evil.example/x>",
    "<form action=https://evil.example/><input name=x><button formaction=javascript:alert(1)>x",
    "<video src=https://evil.example/x onerror=alert(1)></video>",
    "<details open ontoggle=alert(1)>x</details>",
    "<p id=content name=getElementById class=help onclick=alert(1) tabindex=1>x</p>",
    "<blockquote cite=https://evil.example/ data-cke-onclick=x>x</blockquote>",
    "<xmp><img src=x onerror=alert(1)></xmp>",
    "<textarea><script>alert(1)</script></textarea>",
    "<title><img src=x onerror=alert(1)></title>",
    "<plaintext><img src=x onerror=alert(1)>",
    "<table><td background=https://evil.example/x colspan=99999 rowspan=-1>x",
    "<span lang='es\" onclick=alert(1)'>x</span>",
    "<abbr title='a&quot; onmouseover=alert(1) x=&quot;'>x</abbr>",
]
TAG = re.compile(r"<(/?)([^\s>]*)([^>]*)>")
ATTRIBUTE = re.compile(r' ([a-z]+)="([^"]*)"')


def assert_harmless(html):
    """Checked with other means than the sanitiser's: a strict grammar of what may come out."""
    for closing, tag, attributes in TAG.findall(html):
        assert tag in ALLOWED
        assert ATTRIBUTE.sub("", attributes) == ""
        assert not (closing and attributes)
        for name, value in ATTRIBUTE.findall(attributes):
            assert name in ALLOWED[tag]
            if name == "href":
                assert re.match(r"https://[^/]|mailto:|tel:|sms:|/(?!/)|[#?]", value, re.IGNORECASE)
                assert not re.search(r"[\\\x00-\x1f]", value)
    assert "<" not in TAG.sub("", html)
    assert clean(html) == html


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_leaves_nothing_behind(attack):
    html = clean(f"<p>before</p>{attack}")
    assert html.startswith("<p>before</p>")
    assert_harmless(html)
    assert_harmless(clean(attack))


PIECES = st.sampled_from(
    [
        *ATTACKS,
        *(f"<{tag}>" for tag in ALLOWED),
        *(f"</{tag}>" for tag in ALLOWED),
        *(
            "<h1>",
            "</h1>",
            "<b>",
            "<div>",
            "</div>",
            "<i>",
            "<font>",
            "&nbsp;",
            "&lt;b&gt;",
            "<!--",
        ),
        *('<a href="/x">', "<a>", '<span lang="es">', "<p>", "x", " ", '"', "<", "<svg>", "</svg>"),
    ]
)


@hypothesis_settings(deadline=None)  # a busy machine is no failure
@given(st.one_of(st.text(), st.lists(PIECES, max_size=20).map("".join)))
def test_whatever_is_typed_comes_out_harmless_and_stays_so(html):
    assert_harmless(clean(html))
    assert review(html).html == clean(html)


@pytest.mark.parametrize(
    "html",
    [
        "<h2>Signs</h2><h3>At work</h3><h4>On farms</h4><p>Text<br>and <strong>more</strong>.</p>",
        "<ul><li>One</li><li>Two<ol><li>Three</li></ol></li></ul><hr>",
        "<blockquote><p>Words</p></blockquote><p><cite>Book</cite> <q>said</q> x<sup>2</sup></p>",
        '<p><span lang="es">Llame ahora</span> <abbr title="United States Code">U.S.C.</abbr></p>',
        '<p><a href="https://example.org/a?b=1&amp;c=2#d">web</a> <a href="/help/">help</a></p>',
        '<p><a href="tel:18883737888">call</a> <a href="sms:233733">text</a></p>',
        '<p><a href="sms:233733?&amp;body=BEFREE">text</a> <a href="#top">up</a></p>',
        '<p><a href="mailto:a@example.org?subject=Hello there">x</a> <a href="?page=2">2</a></p>',
        '<table><caption>Years</caption><thead><tr><th scope="col">Year</th></tr></thead>'
        '<tbody><tr><th scope="row">2021</th><td colspan="2" rowspan="3">7</td></tr></tbody>'
        "</table>",
    ],
)
def test_what_an_editor_writes_is_kept_and_not_spoken_of(html):
    assert review(html) == (html, [], [])


@pytest.mark.parametrize(
    ("typed", "published"),
    [
        ("<h1>Title</h1>", "<h2>Title</h2>"),
        ("<H5>Small</H5>", "<h4>Small</h4>"),
        ("<b>bold</b> <i>slanted</i>", "<strong>bold</strong> <em>slanted</em>"),
        ("<a>no address</a>", "no address"),
        ("<p><span>no language</span></p>", "<p>no language</p>"),
        ('<a><table><tr><td><a href="/x">in</a></td></tr></table></a>',
         '<table><tbody><tr><td><a href="/x">in</a></td></tr></tbody></table>'),
        ("<div>one</div><div>two</div>", "one two "),
        ("<form><p>words stay", "<p>words stay</p>"),
        ("<p>a&nbsp;<em>b</em>&nbsp;c</p>", "<p>a <em>b</em> c</p>"),
        ("<p>18&nbsp;U.S.C.</p>", "<p>18&nbsp;U.S.C.</p>"),
        ("<p>text</p><p>&nbsp;</p>", "<p>text</p>"),
        ("<p>&nbsp;</p>", ""),
        ("<p><br></p>\n<p> </p>", ""),
        ("<h2></h2><ul><li>&nbsp;</li></ul>", ""),
        ("a\x00b", "ab"),
        ("", ""),
    ],
)  # fmt: skip
def test_what_is_changed_on_the_way(typed, published):
    assert clean(typed) == published


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ('<a href="http://example.org/A">x</a>', "http://example.org/A"),
        ('<a href="//example.org">x</a>', "//example.org"),
        ('<a href="java&#9;script:alert(1)">x</a>', "script:alert(1)"),
        ('<img src="/media/x.png">', "Pictures"),
        ("<iframe src=https://example.org/></iframe>", "(iframe)"),
        ("<script>x</script><form>", "(script, form)"),
    ],
)
def test_what_an_editor_must_mend_is_said_in_one_sentence(typed, words):
    (sentence,) = review(f"<p>{typed}</p>").refused
    assert words in sentence


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("<h1>x</h1>", "Heading 2"),
        ('<p class="MsoNormal" style="margin:0">x</p>', "styling"),
        ("<style>p {}</style>x", "styling"),
        ("<u>x</u> <font>y</font>", "(font, u)"),
        ("<a>x</a>", "link without an address"),
    ],
)
def test_what_was_left_out_without_harm_is_told(typed, words):
    html, refused, (sentence,) = review(typed)
    assert "x" in html
    assert refused == []
    assert words in sentence


@pytest.mark.parametrize("piece", ["<a ", "</", "<![x[", "<a href=x", "&", "<p class=x>", "a:"])
def test_long_nonsense_takes_no_time(piece):
    review(piece * (MAX_BYTES // len(piece)))  # html.parser needs minutes for the first
