"""Numbers as Spanish is written in the United States: 399,494."""

THOUSAND_SEPARATOR = ","
DECIMAL_SEPARATOR = "."
