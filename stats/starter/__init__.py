"""The figures that a new site starts with: figures.csv, one row a vintage, and places.toml."""

import csv
import datetime
from pathlib import Path

from awareness.content.starter import in_spanish, read_toml
from stats.models import Break, Figure, Headline, Measure, Place, ReadingGuide, Source

FOLDER = Path(__file__).parent
SPANISH = FOLDER / "es"


def load():
    """Fill the tables if there is nothing in them. Returns what was filled."""
    filled = []
    if not ReadingGuide.objects.exists():
        words = in_spanish(read_toml(SPANISH / "places.toml")["guide"])
        ReadingGuide(**read_toml(FOLDER / "places.toml")["guide"], **words).save()
        filled.append(ReadingGuide)
    if not (Place.objects.exists() or Measure.objects.exists() or Figure.objects.exists()):
        load_figures()
        filled.append(Figure)
    if not Break.objects.exists():
        load_breaks()
        filled.append(Break)
    return filled


def load_breaks():
    """Those whose place and measure are there."""
    rows = read_toml(FOLDER / "places.toml")["breaks"]
    translated = read_toml(SPANISH / "places.toml")["breaks"]
    places = {place.code: place for place in Place.objects.all()}
    measures = {measure.code: measure for measure in Measure.objects.all()}
    for row, spanish in zip(rows, translated, strict=True):
        place, measure = row.pop("place", None), row.pop("measure", None)
        if {place, measure} <= {None, *places, *measures}:
            where = {"place": places.get(place), "measure": measures.get(measure)}
            Break(**where, **row, **in_spanish(spanish)).save()


def load_figures():
    words, spanish = read_toml(FOLDER / "places.toml"), read_toml(SPANISH / "places.toml")
    phrases = read_toml(SPANISH / "words.toml")
    for kind in ("places", "measures"):
        translated = {row.pop("code"): in_spanish(row) for row in spanish[kind]}
        words[kind] = [row | translated[row["code"]] for row in words[kind]]
    places, measures, sources = {}, {}, {}
    for position, fields in enumerate(words["places"], 1):
        headlines = fields.pop("headlines")
        place = places[fields["code"]] = Place(position=10 * position, **fields)
        place.save()
        for order, (first_day, last_day) in enumerate(headlines, 1):
            Headline(
                place=place, first_day=first_day, last_day=last_day, position=10 * order
            ).save()
    for position, fields in enumerate(words["measures"], 1):
        measure = measures[fields["code"]] = Measure(position=10 * position, **fields)
        measure.save()
    with (FOLDER / "figures.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            address = row["source_url"], row["source_title"]
            if address not in sources:
                sources[address] = Source(
                    title=row["source_title"],
                    publisher=row["source_publisher"],
                    url=row["source_url"],
                    kind=row["source_kind"],
                )
                sources[address].save()
            Figure(
                place=places[row["place"]],
                measure=measures[row["measure"]],
                first_day=datetime.date.fromisoformat(row["first_day"]),
                last_day=datetime.date.fromisoformat(row["last_day"]),
                value=int(row["value"]) if row["value"] else None,
                qualifier=row["qualifier"],
                status=row["status"],
                as_of=datetime.date.fromisoformat(row["as_of"]),
                as_of_exact=row["as_of_exact"] == "yes",
                counted=row["counted"],
                counted_es=phrases["counted"].get(row["counted"], ""),
                note_es=phrases["note"].get(row["note"], ""),
                source=sources[address],
                note=row["note"],
            ).save()
