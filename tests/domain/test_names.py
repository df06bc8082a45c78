"""One person has one name and one product one code, whatever the keyboard that typed it."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from manchengo.domain.names import (
    MOST_WORDS,
    comparison_key,
    is_same_name,
    search_key,
    search_words,
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Hélène", "HÉLÈNE"),
        ("Hélène", "He\u0301le\u0300ne"),
        ("HÉLÈNE", "he\u0301le\u0300ne"),
        ("LAIT-V", "lait-v"),
        ("LAIT  CRU", " lait cru\t"),
        ("LAIT\u00a0CRU", "LAIT\u202fCRU"),
        ("Straße", "STRASSE"),
        ("\ufb01let", "filet"),
        ("ＬＡＩＴ", "LAIT"),
        ("La\u00adit", "Lait"),
        ("\ufeffLAIT", "LAIT\u200b"),
        ("ΟΔΟΣ", "οδος"),
        ("حليب", "\u202bحليب\u202c"),
    ],
)
def test_spellings_of_one_name_are_the_same(one: str, other: str) -> None:
    assert is_same_name(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Hélène", "Helene"),
        ("LAIT-V", "LAITV"),
        ("LAIT V", "LAITV"),
        ("LAIT 1", "LAIT 2"),
        ("ali", "alı"),
    ],
)
def test_other_names_stay_apart(one: str, other: str) -> None:
    assert not is_same_name(one, other)


@pytest.mark.parametrize("blank", ["", " ", "\t\u00a0", "\u200b", "\ufeff \u00ad"])
def test_a_name_that_shows_nothing_has_no_key(blank: str) -> None:
    assert comparison_key(blank) == ""


@given(st.text())
@example("\u0345\u0399")
@example("ᾳ\u0345")
@example("\u1e9e\u200d\u0301")
@example("e\u00ad\u0301")
def test_a_key_is_its_own_key(name: str) -> None:
    key = comparison_key(name)
    assert comparison_key(key) == key


@given(st.text())
def test_case_never_tells_two_names_apart(name: str) -> None:
    assert is_same_name(name, name.casefold())


@given(st.text(st.characters(codec="ascii")))
def test_plain_letters_take_a_short_way_to_the_same_key(name: str) -> None:
    assert comparison_key(name + "\u200b") == comparison_key(name)


# ------------------------------------------------------------------------------------- searches


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("Crème fraîche", "creme fraiche"),
        ("CRÈME", "crème"),
        ("He\u0301le\u0300ne", "helene"),
        ("Bœuf", "boeuf"),
        ("Et cætera", "et caetera"),
        ("l’Étoile", "l'etoile"),
        ("Saint\u2011Marcellin", "saint-marcellin"),
        ("MP\u00a020260301", "mp 20260301"),
        ("٣٤", "34"),
        ("۳۴", "34"),
        ("أحمد", "احمد"),
        ("إحسان", "احسان"),
        ("آمنة", "امنه"),
        ("ٱلحليب", "الحليب"),
        ("جبنة", "جبنه"),
        ("مؤسسة", "موسسه"),
        ("ماء", "ما"),
        ("على", "علي"),
        ("حَلِيبٌ", "حليب"),
        ("حـــليب", "حليب"),
        ("کبیر", "كبير"),
    ],
)
def test_a_search_finds_what_people_type_in_a_hurry(written: str, typed: str) -> None:
    assert search_key(written) == search_key(typed)


@pytest.mark.parametrize(
    ("one", "other"), [("lait", "laid"), ("MP-1", "MP1"), ("MP-1", "MP-2"), ("جبن", "لبن")]
)
def test_a_search_tells_other_words_apart(one: str, other: str) -> None:
    assert search_key(one) != search_key(other)


@given(st.text())
@example("\u0345\u0399")
@example("ᾳ\u0345")
@example("أ\u0640\u0654")
@example("İ\u0301")
def test_a_search_key_is_its_own_key(text: str) -> None:
    key = search_key(text)
    assert search_key(key) == key


@given(st.text())
def test_spellings_of_one_name_have_one_search_key(text: str) -> None:
    assert search_key(comparison_key(text)) == search_key(text)


@given(st.text())
def test_the_words_of_a_search_are_keys_without_spaces_and_bounded(text: str) -> None:
    words = search_words(text)
    assert all(word and word == search_key(word) and len(word.split()) == 1 for word in words)
    assert len({*words}) == len(words) <= MOST_WORDS
