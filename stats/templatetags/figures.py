"""The sentence engine and the charts, for templates."""

from django import template

from stats import charts, sentences, tables

register = template.Library()

register.filter("amount", sentences.amount)
register.filter("as_of", sentences.as_of)
register.filter("in_period", sentences.in_period)
register.filter("period", sentences.period)
register.filter("sentence", sentences.sentence)
register.filter("summary", sentences.summary)
register.simple_tag(charts.chart)
register.simple_tag(tables.yearly_table)
register.simple_tag(tables.totals_table)


@register.filter
def noun(figure):
    return sentences.noun(figure.measure, figure.value)
