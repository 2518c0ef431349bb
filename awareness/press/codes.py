"""QR codes. Nothing else knows segno."""


def qr_code(address):
    """Of middling strength: a crease or a stain does no harm."""
    import segno  # 8 MB in each process, for the few who ask for a code

    return segno.make_qr(address, error="m")
