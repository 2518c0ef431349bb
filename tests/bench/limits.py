"""How a figure is printed beside the limit that it should keep."""


def line(what, value, limit=None, unit="", at_least=False):
    """`what   1.02   (at least 0.90)`, and MISSED where it is."""
    text = f"{what:<56} {f'{value:,.0f}' if value >= 100 else f'{value:.3g}':>8}{unit}"
    if limit is not None:
        kept = value >= limit if at_least else value <= limit
        text += f"   ({'at least' if at_least else 'at most'} {limit:,g}{unit})"
        text += "" if kept else "   MISSED"
    print(text, flush=True)
