"""Dates in full ("December 31, 2021"): figures are quoted with them."""

DATE_FORMAT = "F j, Y"
YEAR_MONTH_FORMAT = "F Y"
DATETIME_FORMAT = "F j, Y, P"
