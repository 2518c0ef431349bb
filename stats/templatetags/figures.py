"""The sentence engine, the charts and the files, for templates."""

from dataclasses import replace

from django import template
from django.urls import reverse

from stats import charts, cite, press, sentences, tables
from stats.columns import lines
from stats.references import references

register = template.Library()

register.filter("as_of", sentences.as_of)
register.filter("break_heading", sentences.break_heading)
register.filter("headline", sentences.headline)
register.filter("in_period", sentences.in_period)
register.filter("leads_heading", sentences.leads_heading)
register.filter("leads_noun", sentences.leads_noun)
register.filter("noun", sentences.noun)
register.filter("chart_title", sentences.chart_title)
register.filter("period", sentences.period)
register.filter("sentence", sentences.sentence)
register.filter("summary", sentences.summary)
register.filter("total", sentences.total)
register.filter("title", sentences.title)
register.filter("status_word", charts.status_word)
register.filter("what_it_says", sentences.what_it_says)
register.filter("why_none", charts.why_none)
register.filter("citations", cite.citations)
register.simple_tag(charts.chart)
register.simple_tag(charts.small_chart)
register.simple_tag(charts.source)
register.simple_tag(charts.spark)
register.simple_tag(tables.vintage)
register.simple_tag(tables.yearly_table)
register.simple_tag(tables.other_tables)


@register.filter
def all_sources(series):
    """{id of a source: stats.references.Reference} of {place: [Series]}."""
    return references(row for rows in series.values() for row in rows)


@register.filter
def in_lines(figure):
    """[the word before a rounded number, the number]"""
    return lines(sentences.what_it_says(figure))


@register.simple_tag
def download(choice, form, everything=False):
    """The path of data.csv and so on, for what was chosen."""
    return with_query(f"stats:data-{form}", replace(choice, everything=everything))


@register.simple_tag
def pictures(choice, series):
    """[(path, name)] of one chart as files."""
    one = choice.only(series.place, series.measure)
    return [(with_query(f"stats:chart-{form}", one), form.upper()) for form in press.FORMS]


def with_query(route, choice):
    return f"{reverse(route)}?{choice.data_query}" if choice.data_query else reverse(route)
