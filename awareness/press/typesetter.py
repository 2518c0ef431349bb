"""A process of its own that draws one picture with typst, and ends: what typst keeps in memory,
some 60 MB, and whatever could go wrong in it, never stays in a process that serves the site.

Reads JSON from standard input, {"template", "root", "form", "ppi", "data"}, and writes the bytes.
"""

import json
import os
import sys

os.nice(10)  # whoever only reads a page comes first; a poster must not take for ever either
os.environ["RAYON_NUM_THREADS"] = "1"  # and leaves the other core to them

import typst  # noqa: E402


def main():
    asked = json.load(sys.stdin)
    try:
        drawn = compiled(asked, ["ua-1"] if asked["form"] == "pdf" else [])
    except typst.TypstError:
        # One letter that no font has is no PDF/UA: rather one box on a sheet than no numbers.
        drawn = compiled(asked, [])
    sys.stdout.buffer.write(drawn)


def compiled(asked, standards):
    return typst.compile(
        asked["template"],
        root=asked["root"],
        ignore_system_fonts=True,
        format=asked["form"],
        ppi=asked["ppi"],
        pdf_standards=standards,
        sys_inputs={"data": json.dumps(asked["data"])},
    )


if __name__ == "__main__":
    main()
