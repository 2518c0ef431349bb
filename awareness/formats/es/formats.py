"""Numbers and hours as Spanish is written in the United States: 399,494; 2:30 p.m."""

THOUSAND_SEPARATOR = ","
DECIMAL_SEPARATOR = "."
TIME_FORMAT = "P"
DATETIME_FORMAT = r"j \d\e F \d\e Y, P"
# As they are shown, too, and as people type them.
TIME_INPUT_FORMATS = ["%H:%M:%S", "%H:%M", "%I:%M %p", "%I:%M%p", "%I %p", "%I%p"]
