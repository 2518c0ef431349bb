"""QR codes. Nothing else knows segno."""

from functools import lru_cache


@lru_cache(100)  # 10 ms of pure Python, for which the other threads would wait
def qr_code(address):
    """Of middling strength: a crease or a stain does no harm."""
    import segno  # 8 MB in each process, for the few who ask for a code

    return segno.make_qr(address, error="m")
