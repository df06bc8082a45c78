"""Pieces and cartons are counted: they come in, are ordered, leave and are written off whole."""

import pytest
from attrs import evolve

from manchengo.commands import Command, DefineRecipe, Produce, RegisterProduct
from manchengo.domain.ids import ProductId, RecipeId
from manchengo.domain.product import ProductKind
from manchengo.domain.recipe import Ingredient
from manchengo.domain.values import PartOfAPiece, Quantity, Unit
from tests.support.dairy import (
    A_DAIRY,
    MILK,
    MONDAY,
    a_line,
    amount,
    an_id,
    an_output,
    came_back,
    confirmed,
    counted,
    delivered,
    dinars,
    in_opening_stock,
    litres,
    loaded,
    made,
    ordered,
    planned,
    prepared,
    received,
    sent_back,
    written_off,
)
from tests.support.given import given

LABELS, POTS = ProductId(an_id("labels")), ProductId(an_id("pots"))


def pieces(written: str | int) -> Quantity:
    return amount(written, Unit.PIECE)


HALF = pieces("10.5")
REGISTERS = (
    *A_DAIRY,
    RegisterProduct(
        product_id=LABELS,
        code="ETIQ",
        kind=ProductKind.RAW,
        name="Étiquettes",
        unit=Unit.PIECE,
        price=dinars(2),
    ),
    RegisterProduct(
        product_id=POTS,
        code="POT",
        kind=ProductKind.FINISHED,
        name="Pots",
        unit=Unit.PIECE,
        price=dinars(90),
    ),
    DefineRecipe(
        recipe_id=RecipeId(an_id("the recipe of the pots")),
        product_id=POTS,
        batch=pieces(100),
        ingredients=(Ingredient(MILK, litres(10)), Ingredient(LABELS, pieces(50))),
        valid_from=MONDAY,
    ),
)
STOCKED = (
    *REGISTERS,
    received("E1", pieces(100), of=LABELS),
    received("L1", litres(100)),
    in_opening_stock("P1", pieces(100), of=POTS),
)
ORDERED = (*STOCKED, ordered("S1", a_line(pieces(20), of=POTS)), confirmed("S1"))


def pots(code: str, quantity: Quantity, **otherwise: Quantity) -> Produce:
    output = an_output(code, otherwise.get("obtained", quantity), of=POTS)
    return evolve(made(code, quantity, outputs=(output,)), product_id=POTS)


REFUSED: dict[str, Command] = {
    "received": received("E2", HALF, of=LABELS),
    "on the shelf": in_opening_stock("P2", HALF, of=POTS),
    "planned": planned("O1", HALF, of=POTS),
    "to be made": pots("O1", HALF, obtained=pieces(10)),
    "obtained": pots("O1", pieces(11), obtained=HALF),
    "lost": evolve(pots("O1", pieces(11)), lost=HALF, loss_reason="burst"),
    "ordered": ordered("S2", a_line(HALF, of=POTS)),
    "written off": written_off("E1", HALF),
    "sent back": sent_back("E1", HALF),
    "counted": counted("E1", HALF),
}


@pytest.mark.parametrize("what", REFUSED)
def test_half_a_piece_is_refused_by_every_command(what: str) -> None:
    given(STOCKED).when(REFUSED[what]).refused(PartOfAPiece, quantity=HALF)


def test_half_a_piece_is_neither_loaded_nor_brought_back() -> None:
    given(ORDERED, prepared("D1", order="S1")).when(loaded("D1", "P1", HALF)).refused(
        PartOfAPiece, quantity=HALF
    )
    given(ORDERED, delivered("D1", order="S1")).when(came_back("D1", "P1", HALF)).refused(
        PartOfAPiece, quantity=HALF
    )


def test_a_carton_is_whole_and_a_kilogram_is_not() -> None:
    assert amount("10.5", Unit.KG).in_whole_pieces() == amount("10.5", Unit.KG)
    assert pieces(10).in_whole_pieces() == pieces(10)
    with pytest.raises(PartOfAPiece):
        amount("0.5", Unit.CARTON).in_whole_pieces()


@pytest.mark.parametrize(
    "command",
    [counted("E1", pieces("97.5")), written_off("E1", pieces("97.5")), counted("E1", pieces(97))],
)
def test_what_is_left_of_a_piece_that_a_recipe_cut_is_counted_and_leaves(command: Command) -> None:
    """Five pots take two labels and a half."""
    given(STOCKED, pots("O1", pieces(5))).when(command).done()
