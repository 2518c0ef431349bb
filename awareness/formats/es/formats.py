"""Numbers as Spanish is written in the United States: 399,494."""

THOUSAND_SEPARATOR = ","
DECIMAL_SEPARATOR = "."
# As they are shown, too, and as people type them.
TIME_INPUT_FORMATS = ["%H:%M:%S", "%H:%M", "%I:%M %p", "%I:%M%p", "%I %p", "%I%p"]
