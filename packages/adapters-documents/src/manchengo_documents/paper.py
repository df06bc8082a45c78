"""A PDF in which French and Arabic are set right, and whose bytes depend on its content alone."""

import re
from datetime import UTC, datetime
from importlib.resources import as_file, files
from importlib.util import find_spec
from typing import Any

from fpdf import FPDF
from fpdf.enums import DocumentCompliance
from fpdf.fonts import TTFFont
from fpdf.output import OutputProducer

LATIN, ARABIC = "Noto Sans", "Noto Sans Arabic"
MINUS, FIGURE_DASH = "\u2212", "\u2012"
_FONTS = (
    (LATIN, "", "NotoSans-Regular.ttf"),
    (LATIN, "B", "NotoSans-Bold.ttf"),
    (ARABIC, "", "NotoSansArabic-Regular.ttf"),
    (ARABIC, "B", "NotoSansArabic-Bold.ttf"),
)
_MOMENT = re.compile(r'(xmp:(?:Modify|Metadata)Date)="[^"]*"')


class Paper(FPDF):
    """A document of the form PDF/A-3U: its fonts are inside, and its text can be copied out.

    ``unit``: points for one unit of the coordinates. ``made_at``: the moment that it states.
    """

    def __init__(
        self, size: tuple[float, float], *, unit: float, title: str, made_at: datetime
    ) -> None:
        super().__init__(unit=unit, format=size, enforce_compliance=DocumentCompliance.PDFA_3U)
        self._widths: dict[tuple[str, float, str], float] = {}
        for family, style, name in _FONTS:
            with as_file(files(__package__) / "fonts" / name) as file:
                self.add_font(family, style, file)
        self.set_fallback_fonts([ARABIC], exact_match=False)
        self.set_text_shaping(find_spec("uharfbuzz") is not None)
        self.set_auto_page_break(False)
        self.set_margin(0)
        self.c_margin = 0
        self.set_lang("fr-DZ")
        self.set_title(title)
        self.set_creation_date(made_at.astimezone(UTC))

    def width_of(self, text: str, points: float, style: str = "") -> float:
        """How wide the text is at that size, in the unit of the coordinates. ``points``: the size
        of the font. ``style``: ``B`` for bold.
        """
        # To make a text fit, most widths are asked for several times, and fpdf2 shapes each anew.
        asked = (text, points, style)
        if asked not in self._widths:
            self.set_font(LATIN, style, points)
            self._widths[asked] = float(self.get_string_width(text))
        return self._widths[asked]

    def normalize_text(self, text: str) -> str:
        """As in fpdf2. Our fonts are without the minus sign; a figure dash is as wide."""
        normal: str = super().normalize_text(text)
        return normal.replace(MINUS, FIGURE_DASH)

    def cell(self, *args: Any, **named: Any) -> Any:
        """As in fpdf2, but the font is said again for what follows. For a text in two scripts fpdf2
        says its fonts within ``q … Q``, which forgets them, and goes on as if they were known.
        """
        is_at_the_end = super().cell(*args, **named)
        self.current_font_is_set_on_page = False
        return is_at_the_end

    def sealed(self) -> bytes:
        """The bytes of the file: the same for the same content, in any process and time zone.

        fpdf2 writes the present moment into the metadata, and gives the unused glyph 0 a letter,
        which PDF/A-3U forbids: both are put right here.
        """
        for font in self.fonts.values():
            assert isinstance(font, TTFFont), "no font but our own is used"
            for glyph, _ in font.subset.items():
                if glyph is not None and glyph.unicode == (0,):
                    glyph.unicode = ()
        metadata = OutputProducer(self)._build_xmp_from_info()
        moment = self.creation_date.isoformat()
        self.set_xmp_metadata(_MOMENT.sub(rf'\1="{moment}"', metadata))
        return bytes(self.output())
