"""The papers of a recall and of a delivery: all words are on them, in French and Arabic."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from attrs import evolve
from page import ValidationProfile, validate_pdf_bytes
from pypdfium2 import PdfDocument

from manchengo_documents.note_sheet import delivery_note_pdf
from manchengo_documents.recall_sheet import recall_pdf
from manchengo_presenters import formatting
from manchengo_presenters.calls import Call, Goods
from manchengo_presenters.delivery_note import DeliveryNote, NoteLine, PartyOnPaper
from manchengo_presenters.recall_paper import BalanceLine, HeldLine, RecallPaper

NOW = datetime(2026, 11, 29, 8, tzinfo=UTC)
NB = "\u00a0"
GOODS = Goods(
    lot="PF-OF-20261120-001",
    product="Fromage frais à l’ail et aux fines herbes, pot de 150 g",
    quantity=f"1\u202f250{NB}pots",
    delivery="BL-20261121-004",
    day="21/11/2026",
    note="",
)
CALL = Call(code="C001", name="Épicerie Ziani", phone="0550 12 34 56", goods=(GOODS,))
LONG = Call(
    code="C002",
    name="Coopérative de consommation du personnel de l’hôtel Lalla Khedidja et des environs",
    phone="",
    goods=(GOODS, evolve(GOODS, note=f"2{NB}pots sont revenus")),
)
ARABIC = Call(code="C003", name="بقالة الأمل", phone="026 11 22 33", goods=(GOODS,))
LOT = BalanceLine(
    lot_id=None,
    code="MP-20261116-LAIT-V",
    product="Lait de vache cru",
    came_in=f"612{NB}L",
    consumed=f"600{NB}L",
    delivered="",
    returned="",
    lost=f"12{NB}L",
    adjusted="",
    left=f"0{NB}L",
    state="rappelé",
    is_recalled=True,
)
RECALL = RecallPaper(
    heading="RAPPEL",
    drill="",
    plant="Fromagerie du Djurdjura",
    asked_at="29/11/2026 09:00",
    begun_with="Lot MP-20261116-LAIT-V",
    reach="3 lots, 12 livraisons, 3 clients",
    completeness=("Complet jusqu’au 27/11/2026 08:42.",),
    calls=(CALL, LONG, ARABIC),
    phones="",
    held=(HeldLine(lot="PF-OF-2", text="40 pots gardés pour Épicerie Ziani (C001), CC-7"),),
    balances=(LOT, evolve(LOT, code="PF-OF-20261120-001")),
    balance_words=("Le bilan de chaque lot tombe juste au gramme.",),
)
NOTE = DeliveryNote(
    title="Bon de livraison",
    code="BL-20261121-004",
    state="",
    seller=PartyOnPaper(
        role="Vendeur",
        name="Fromagerie du Djurdjura",
        lines=("SARL", "Route de Tizi Ouzou, Draâ Ben Khedda", f"NIF{NB}: 000016001234567"),
    ),
    client=PartyOnPaper(role="Client", name="Épicerie Ziani (C001)", lines=("12, rue des Frères",)),
    facts=(("Date", "21/11/2026"), ("Commande client", "CC-7")),
    lines=(
        NoteLine(
            product="Camembert de Draâ Ben Khedda",
            arabic="كاممبير",
            lot="PF-OF-20261120-001",
            expires="25/12/2026",
            quantity=f"12{NB}pièces",
            returned="",
        ),
    ),
    totals=(),
    mention=f"Ce bon accompagne la marchandise{NB}; il ne remplace pas la facture.",
    signatures=(("Remis par", ""), ("Chauffeur", "Karim"), ("Reçu par", "Mme Ziani")),
)


def pages(pdf: bytes) -> Iterator[str]:
    """The text of each page, with plain spaces."""
    with PdfDocument(pdf) as document:
        for page in document:
            text = page.get_textpage().get_text_bounded()
            yield " ".join(text.replace("\u202f", " ").replace(NB, " ").split())


def recall(paper: RecallPaper) -> bytes:
    return recall_pdf(paper, made_at=NOW)


def note(paper: DeliveryNote) -> bytes:
    return delivery_note_pdf(paper, made_at=NOW)


def test_a_recall_on_paper_says_whom_to_call_and_what_they_got() -> None:
    (text,) = pages(recall(RECALL))
    for words in (
        *("RAPPEL", "Fromagerie du Djurdjura", "Lot MP-20261116-LAIT-V", "3 clients"),
        *("Épicerie Ziani (C001)", "0550 12 34 56", "1 250 pots", "BL-20261121-004"),
        *("21/11/2026", "pas de téléphone enregistré", "2 pots sont revenus", "Appelé le"),
        *("PF-OF-2 : 40 pots gardés", "Consommé", "600 L", "page 1 sur 1"),
        "Le bilan de chaque lot tombe juste au gramme.",
    ):
        assert words in text, (words, text)
    assert "Livré le" in text
    assert "Ajusté" not in text, "no lot was adjusted"


def test_a_name_with_signs_of_a_program_is_a_name() -> None:
    (text,) = pages(recall(evolve(RECALL, plant="Laiterie {page} %s {0}")))
    assert "Laiterie {page} %s {0} · 29/11/2026 09:00, page 1 sur 1" in text


def test_every_page_of_a_drill_says_that_it_is_one() -> None:
    drill = evolve(RECALL, drill="EXERCICE DE RAPPEL", calls=(CALL, LONG, ARABIC) * 8)
    texts = list(pages(recall(drill)))
    assert len(texts) > 2
    for number, text in enumerate(texts, start=1):
        assert text.startswith("EXERCICE DE RAPPEL")
        assert f"page {number} sur {len(texts)}" in text


def test_who_may_not_read_telephones_is_told_who_has_them() -> None:
    hidden = evolve(RECALL, phones="Le commercial les a.", calls=(evolve(CALL, phone=""),))
    (text,) = pages(recall(hidden))
    assert "Le commercial les a." in text
    assert "pas de téléphone enregistré" not in text


def test_a_recall_of_what_went_nowhere_is_a_paper_too() -> None:
    (text,) = pages(recall(evolve(RECALL, calls=(), held=())))
    assert "Rien n" in text


def test_a_delivery_note_says_who_sends_what_to_whom() -> None:
    (text,) = pages(note(NOTE))
    for words in (
        *("Bon de livraison", "BL-20261121-004", "Vendeur", "NIF : 000016001234567"),
        *("Client", "Épicerie Ziani (C001)", "12, rue des Frères", "Camembert de Draâ"),
        *("PF-OF-20261120-001", "25/12/2026", "12 pièces", "ne remplace pas la facture"),
        *("Remis par", "Karim", "Mme Ziani", "Date et signature", "page 1 sur 1"),
    ):
        assert words in text, (words, text)
    assert "Revenu" not in text


def test_a_note_shows_what_came_back_and_what_is_not_sure() -> None:
    back = evolve(NOTE.lines[0], returned=f"3{NB}pièces")
    (text,) = pages(note(evolve(NOTE, state="ANNULÉ", lines=(back,))))
    assert text.startswith("ANNULÉ")
    assert "Revenu" in text
    assert "3 pièces" in text


def test_a_long_note_goes_on_with_its_head_and_signs_once() -> None:
    texts = list(pages(note(evolve(NOTE, lines=NOTE.lines * 70))))
    assert len(texts) > 1
    assert all("Quantité" in text for text in texts[:-1])
    assert sum(text.count("Date et signature") for text in texts) == 3


@pytest.mark.parametrize(
    "draw", [lambda: recall(RECALL), lambda: note(NOTE)], ids=["recall", "note"]
)
def test_a_paper_can_be_kept_for_ten_years(draw: Callable[[], bytes]) -> None:
    report = validate_pdf_bytes(draw(), profile=ValidationProfile.PDF_A_3U)
    assert [f"{each.rule_id} {each.message}" for each in report.failures] == []


def test_the_same_paper_is_the_same_file() -> None:
    assert recall(RECALL) == recall(RECALL)


def test_a_negative_amount_has_its_sign_on_paper() -> None:
    """The fonts are without the minus sign of the screens: a figure dash stands for it."""
    lot = evolve(LOT, adjusted=formatting.quantity(-39_000, "kg"))
    assert "\u201239 kg" in "".join(pages(recall(evolve(RECALL, balances=(lot,)))))
