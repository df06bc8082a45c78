"""What a person may choose to prove who they are."""

import pytest

from manchengo_workplace.failures import Failure
from manchengo_workplace.strength import check_strength


@pytest.mark.parametrize("weak", ["", "   ", "fromage", "azertyuiop", "password1", "amina2026"])
def test_a_passphrase_that_is_soon_guessed_is_refused(weak: str) -> None:
    with pytest.raises(Failure, match="SecretTooWeak"):
        check_strength(weak, is_pin=False, known=("amina",))


@pytest.mark.parametrize("strong", ["trois fromages et un chat", "xK7#qLm92w", "éèàgH2!zQ"])
def test_a_passphrase_that_stands_for_months_is_taken(strong: str) -> None:
    check_strength(strong, is_pin=False)


def test_a_name_that_everybody_knows_adds_nothing() -> None:
    check_strength("hocinemansouri", is_pin=False)
    with pytest.raises(Failure, match="SecretTooWeak"):
        check_strength("hocinemansouri", is_pin=False, known=("mansouri", "hocine"))


@pytest.mark.parametrize("weak", ["4081", "123456", "000000", "111111", "121212"])
def test_a_pin_that_is_tried_first_is_refused(weak: str) -> None:
    with pytest.raises(Failure, match="SecretTooWeak"):
        check_strength(weak, is_pin=True)


def test_six_digits_that_follow_no_rule_are_a_pin() -> None:
    check_strength("408192", is_pin=True)


def test_a_long_passphrase_is_estimated_by_its_beginning() -> None:
    check_strength("trois fromages et un chat " * 20, is_pin=False)
