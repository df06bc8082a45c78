"""A label is read as it was written, and no other code is ever taken for one."""

from datetime import date

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from manchengo import refusals
from manchengo.domain.label import Label, LabelKind
from manchengo_qr.keyboard import as_american
from manchengo_qr.payload import MODHEX, SHORTEST, label_text, read_label
from manchengo_qr.site_keys import SiteKey, SiteKeys
from tests.support.labels import LABELS, LOT, OURS, THEIRS

LETTERS_OF_ALL_KEYBOARDS = set("BCDEFGHIJKLNOPRSTUVX")


@given(LABELS)
def test_a_label_is_read_as_it_was_written(label: Label) -> None:
    assert read_label(label_text(label, OURS), OURS) == label


@given(LABELS)
def test_every_keyboard_types_a_label_alike(label: Label) -> None:
    text = label_text(label, OURS)
    assert set(text) <= LETTERS_OF_ALL_KEYBOARDS
    assert as_american(text) == text
    assert read_label(f"{text.lower()}\r\n", OURS) == label


def test_the_smallest_label_is_these_47_letters() -> None:
    text = label_text(LOT, OURS)
    assert len(text) == SHORTEST == 47
    assert text[:35] == "NCL" + LOT.subject.hex.translate(str.maketrans("0123456789abcdef", MODHEX))


@given(LABELS)
def test_a_label_of_another_dairy_is_refused(label: Label) -> None:
    with pytest.raises(refusals.LabelNotAuthentic):
        read_label(label_text(label, THEIRS), OURS)


@given(LABELS, st.data())
def test_a_label_with_one_letter_changed_is_refused(label: Label, data: st.DataObject) -> None:
    text = label_text(label, OURS)
    at = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.sampled_from(sorted(LETTERS_OF_ALL_KEYBOARDS - {text[at]})))
    with pytest.raises(refusals.Refused):
        read_label(text[:at] + other + text[at + 1 :], OURS)


@given(LABELS, st.data())
def test_a_part_of_a_label_is_refused(label: Label, data: st.DataObject) -> None:
    text = label_text(label, OURS)
    with pytest.raises(refusals.Refused):
        read_label(text[: data.draw(st.integers(0, len(text) - 1))], OURS)


@given(st.text() | st.text("NCLFRD" + MODHEX, min_size=40, max_size=90))
def test_any_other_text_is_refused(text: str) -> None:
    with pytest.raises(refusals.Refused):
        read_label(text, OURS)


@pytest.mark.parametrize("text", ["", "N", "6291041500213", "https://exemple.dz/", "NCLſ" * 12])
def test_what_has_not_the_form_of_a_label_is_none(text: str) -> None:
    with pytest.raises(refusals.NotALabel):
        read_label(text, OURS)


def test_a_kelvin_sign_is_no_letter_k() -> None:
    text = label_text(evolve(LOT, batch="\x88"), OURS)
    assert "K" in text
    with pytest.raises(refusals.NotALabel):
        read_label(text.replace("K", "\N{KELVIN SIGN}"), OURS)


def test_arabic_letters_say_that_the_keyboard_is_in_arabic() -> None:
    with pytest.raises(refusals.KeyboardInArabic):
        read_label("آؤمؤلانبث", OURS)


class TestKeys:
    OLD = SiteKey(id=0, secret=b"o" * 32)
    NEW = SiteKey(id=7, secret=b"n" * 32)

    def test_labels_printed_before_a_rotation_are_still_read(self) -> None:
        assert read_label(label_text(LOT, OURS), SiteKeys((self.OLD, self.NEW))) == LOT

    def test_the_newest_key_signs(self) -> None:
        text = label_text(LOT, SiteKeys((self.OLD, self.NEW)))
        assert read_label(text, SiteKeys((self.NEW,))) == LOT

    def test_a_label_of_a_key_that_is_not_here_is_refused(self) -> None:
        with pytest.raises(refusals.LabelKeyUnknown):
            read_label(label_text(LOT, SiteKeys((self.NEW,))), OURS)

    def test_a_label_of_a_revoked_key_is_refused(self) -> None:
        leaked = evolve(self.OLD, revoked=True)
        with pytest.raises(refusals.LabelKeyRevoked):
            read_label(label_text(LOT, OURS), SiteKeys((leaked, self.NEW)))

    def test_a_forger_is_not_told_that_the_key_was_revoked(self) -> None:
        leaked = evolve(self.OLD, revoked=True)
        with pytest.raises(refusals.LabelNotAuthentic):
            read_label(label_text(LOT, THEIRS), SiteKeys((leaked, self.NEW)))

    def test_the_secret_is_shown_nowhere(self) -> None:
        assert "ooo" not in repr(OURS)


@pytest.mark.parametrize("day", [date(1999, 12, 31), date(2179, 6, 7)])
def test_a_day_that_no_label_holds_is_an_error(day: date) -> None:
    with pytest.raises(ValueError, match=str(day)):
        label_text(evolve(LOT, expires_on=day), OURS)


def test_the_kinds_are_stored_under_these_names() -> None:
    assert [kind.value for kind in LabelKind] == ["LOT_MP", "LOT_PF", "ORDER", "DELIVERY"]
