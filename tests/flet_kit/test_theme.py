"""Everybody can read it, in the light and in the dark."""

from itertools import product

import flet as ft
import pytest

from manchengo_flet import theme
from manchengo_flet.contrast import contrast
from manchengo_flet.theme import isolated, text

SCHEMES = {"light": theme.LIGHT, "dark": theme.DARK}
SURFACES = (
    "surface",
    "surface_container_lowest",
    "surface_container_low",
    "surface_container",
    "surface_container_high",
)
ON_SURFACES = [
    (words, surface) for words in ("on_surface", "on_surface_variant") for surface in SURFACES
]
ON_CONTAINERS = [
    (f"on_{role}{part}", f"{role}{part}")
    for role, part in product(("primary", "secondary", "tertiary", "error"), ("", "_container"))
]
WORDS_IN_COLOUR = [
    (role, "surface_container_lowest") for role in ("primary", "secondary", "tertiary", "error")
]
TOAST = [("surface", "on_surface"), ("primary_container", "on_surface")]


def test_contrast_is_measured_as_the_guidelines_do() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


def of(scheme: ft.ColorScheme, one: str, other: str) -> float:
    return contrast(str(getattr(scheme, one)), str(getattr(scheme, other)))


@pytest.mark.parametrize("mode", SCHEMES)
def test_every_text_stands_out(mode: str) -> None:
    scheme = SCHEMES[mode]
    pairs = ON_SURFACES + ON_CONTAINERS + WORDS_IN_COLOUR + TOAST
    pale = {
        (text, behind): round(of(scheme, text, behind), 2)
        for text, behind in pairs
        if of(scheme, text, behind) < 4.5
    }
    assert pale == {}


@pytest.mark.parametrize("mode", SCHEMES)
def test_every_border_of_a_field_stands_out(mode: str) -> None:
    scheme = SCHEMES[mode]
    for surface in ("surface", "surface_container_lowest", "surface_container_low"):
        assert of(scheme, "outline", surface) >= 3


def test_every_tone_takes_its_colours_of_roles() -> None:
    for tone in theme.Tone:
        assert isinstance(tone.foreground, ft.Colors)
        assert isinstance(tone.background, ft.Colors)


def test_every_font_is_there_as_a_native_client_reads_it() -> None:
    for file in theme.FONTS.values():
        assert (theme.ASSETS / file).read_bytes()[:4] == b"\0\1\0\0", f"{file} is no TrueType font"
    assert "SIL OPEN FONT LICENSE" in (theme.ASSETS / "fonts/OFL.txt").read_text("utf-8").upper()


def test_an_arabic_name_is_isolated_from_the_figures_beside_it() -> None:
    assert isolated("Lait · 612 L") == "Lait · 612 L"
    assert isolated("حليب بقر · 612 L") == "\u2067حليب بقر\u2069 · 612 L"
    assert isolated("60 pièces → متجر (C001)") == "60 pièces → \u2067متجر\u2069 (C001)"
    with_brackets = "جبن طازج (250 غ)"
    assert isolated(f"{with_brackets}, 12 kg") == f"\u2067{with_brackets}\u2069, 12 kg"
    shown = text("حليب", one_line=True)
    assert (shown.value, shown.tooltip) == ("\u2067حليب\u2069", "حليب")
