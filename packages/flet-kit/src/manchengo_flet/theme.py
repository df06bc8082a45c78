"""One calm theme, light and dark: views name roles of colour, and both modes come of one code.

``secondary`` says that something is good, ``tertiary`` that it wants attention, ``error`` that it
is bad; a word and an icon always say so too. Borders of what takes input are ``outline``; hairlines
between surfaces are ``outline_variant``, and carry no meaning.
"""

import re
from enum import Enum
from pathlib import Path

import flet as ft

ASSETS = Path(__file__).parent / "assets"
"""The folder from which a page fetches the fonts."""

REGULAR, MEDIUM, SEMIBOLD, ARABIC = "Plex", "Plex Medium", "Plex SemiBold", "Plex Arabic"
FONTS = {  # a page takes one file for each family, so each weight is one
    REGULAR: "fonts/IBMPlexSans-Regular.ttf",
    MEDIUM: "fonts/IBMPlexSans-Medium.ttf",
    SEMIBOLD: "fonts/IBMPlexSans-SemiBold.ttf",
    ARABIC: "fonts/IBMPlexSansArabic-Regular.ttf",
}

SMALL, BODY, TITLE, FIGURE = 12, 14, 22, 28
"""The sizes of text."""

XS, S, M, L, XL = 2, 4, 8, 16, 24
"""The distances; the first only between a text and what belongs to it."""

RADIUS = 8
FIELD_HEIGHT = 44
ROW_HEIGHT = 40

LETTER = r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]"
FROM_RIGHT_TO_LEFT = re.compile(
    rf"{LETTER}(?:[\s\d،,.'’-]*{LETTER}|\s*\([^()\n]*{LETTER}[^()\n]*\))*"
)
"""A name in Arabic or Hebrew letters, with the figures and the brackets within it."""

ISOLATE, END_OF_ISOLATE = "\u2067", "\u2069"

LIGHT = ft.ColorScheme(
    primary="#8F4710",
    on_primary="#FFFFFF",
    primary_container="#FCE5CF",
    on_primary_container="#572A05",
    secondary="#2A6238",
    on_secondary="#FFFFFF",
    secondary_container="#DDF0E0",
    on_secondary_container="#194A27",
    tertiary="#765000",
    on_tertiary="#FFFFFF",
    tertiary_container="#FDEECB",
    on_tertiary_container="#5A3C00",
    error="#AE2A22",
    on_error="#FFFFFF",
    error_container="#FBE3E0",
    on_error_container="#761914",
    surface="#F9F6F1",
    surface_container_lowest="#FFFFFF",
    surface_container_low="#F4EFE7",
    surface_container="#EFE9DF",
    surface_container_high="#E9E2D6",
    surface_container_highest="#E3DBCE",
    on_surface="#221C15",
    on_surface_variant="#61574C",
    outline="#867A6C",
    outline_variant="#E6DFD3",
    surface_tint="#8F4710",
)
DARK = ft.ColorScheme(
    primary="#F4B376",
    on_primary="#452303",
    primary_container="#50300D",
    on_primary_container="#FBDDBD",
    secondary="#98D1A4",
    on_secondary="#0E391B",
    secondary_container="#203E29",
    on_secondary_container="#C0E8C8",
    tertiary="#EFBF66",
    on_tertiary="#3F2D02",
    tertiary_container="#42310E",
    on_tertiary_container="#FBE2A9",
    error="#FFB3AA",
    on_error="#5D150F",
    error_container="#55221D",
    on_error_container="#FFDAD5",
    surface="#181411",
    surface_container_lowest="#1F1B17",
    surface_container_low="#1C1814",
    surface_container="#25201B",
    surface_container_high="#2D2722",
    surface_container_highest="#362F29",
    on_surface="#ECE6DD",
    on_surface_variant="#B5AA9C",
    outline="#857A6D",
    outline_variant="#383029",
    surface_tint="#F4B376",
)


class Tone(Enum):
    """What a state means; the value is its two roles, of the text and of what lies behind it."""

    PLAIN = (ft.Colors.ON_SURFACE_VARIANT, ft.Colors.SURFACE_CONTAINER)
    INFO = (ft.Colors.ON_PRIMARY_CONTAINER, ft.Colors.PRIMARY_CONTAINER)
    GOOD = (ft.Colors.ON_SECONDARY_CONTAINER, ft.Colors.SECONDARY_CONTAINER)
    WARN = (ft.Colors.ON_TERTIARY_CONTAINER, ft.Colors.TERTIARY_CONTAINER)
    BAD = (ft.Colors.ON_ERROR_CONTAINER, ft.Colors.ERROR_CONTAINER)

    @property
    def foreground(self) -> ft.Colors:
        """The role of text and icons."""
        return self.value[0]

    @property
    def background(self) -> ft.Colors:
        """The role of the surface behind them."""
        return self.value[1]


def theme(scheme: ft.ColorScheme) -> ft.Theme:
    """The theme of a page in these colours."""
    return ft.Theme(
        color_scheme=scheme,
        font_family=REGULAR,
        scaffold_bgcolor=scheme.surface,
        divider_theme=ft.DividerTheme(color=scheme.outline_variant, thickness=1, space=1),
        scrollbar_theme=ft.ScrollbarTheme(thickness=6, radius=3),
    )


def style(
    size: int = BODY, *, family: str = REGULAR, color: ft.ColorValue | None = None
) -> ft.TextStyle:
    """A style of text: Arabic letters come of the Arabic font, whatever the family."""
    return ft.TextStyle(
        size=size,
        font_family=family,
        font_family_fallback=[ARABIC],
        color=color,
        height=1.3,
        letter_spacing=0,  # Material's own makes French look spaced out
    )


def isolated(value: str) -> str:
    """``value``, in which what is written from right to left is apart from what is around it: else
    a figure beside an Arabic name is drawn on its other side, away from its unit.
    """
    return FROM_RIGHT_TO_LEFT.sub(rf"{ISOLATE}\g<0>{END_OF_ISOLATE}", value)


def text(
    value: str,
    size: int = BODY,
    *,
    family: str = REGULAR,
    color: ft.ColorValue = ft.Colors.ON_SURFACE,
    one_line: bool = False,
    expand: bool = False,
) -> ft.Text:
    """A text. ``one_line``: what does not fit ends in « … », and a tooltip has it whole."""
    return ft.Text(
        isolated(value),
        style=style(size, family=family, color=color),
        max_lines=1 if one_line else None,
        overflow=ft.TextOverflow.ELLIPSIS if one_line else ft.TextOverflow.CLIP,
        tooltip=value if one_line and value else None,
        expand=expand or None,
    )


def muted(
    value: str, size: int = SMALL, *, one_line: bool = False, expand: bool = False
) -> ft.Text:
    """A text of less weight."""
    return text(value, size, color=ft.Colors.ON_SURFACE_VARIANT, one_line=one_line, expand=expand)


def figures(value: str, size: int = BODY, *, family: str = REGULAR) -> ft.Text:
    """A figure with its unit: never broken, never cut."""
    return ft.Text(
        isolated(value),
        style=style(size, family=family, color=ft.Colors.ON_SURFACE),
        no_wrap=True,
    )
