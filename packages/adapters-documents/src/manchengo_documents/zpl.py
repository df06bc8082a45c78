"""Labels in ZPL, the language of most label printers: each label as the dots to burn.

The fonts of a printer have no Arabic and not all French letters, so it is sent the drawing of the
PDF, dot for dot, and not the text. The dots are written as hexadecimal digits, which the oldest
printers read.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from PIL import Image
from pypdfium2 import PdfDocument
from zebrafy.zebrafy_image import ZebrafyImage

from manchengo_documents.label_sizes import RollSize
from manchengo_documents.labels import DOTS_PER_MM, POINTS_PER_MM, PrintedLabel, label_roll


def label_zpl(
    labels: Sequence[PrintedLabel], *, size: RollSize, dpi: int, made_at: datetime
) -> bytes:
    """What to send to the printer for these labels. ``dpi``: 203 or 300, as the printer has."""
    pdf = label_roll(labels, size=size, dpi=dpi, made_at=made_at)
    written = [
        ZebrafyImage(image, dither=False, invert=False, set_label_size=True).to_zpl()
        for image in in_dots(pdf, DOTS_PER_MM[dpi])
    ]
    return "".join(written).encode("ascii")


def in_dots(pdf: bytes, dots_per_mm: float) -> Iterator[Image.Image]:
    """Each page in grey, one point for each dot of a printer."""
    with PdfDocument(pdf) as document:
        for page in document:
            # A hair less than whole dots, because the renderer rounds up and stretches to fit.
            sides = [(side, round(side / POINTS_PER_MM * dots_per_mm)) for side in page.get_size()]
            scale = min((dots - 0.001) / side for side, dots in sides)
            yield page.render(scale=scale, grayscale=True).to_pil()
