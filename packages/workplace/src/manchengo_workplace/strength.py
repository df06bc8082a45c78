"""How well a new passphrase or PIN of a person would stand, by the estimator ``zxcvbn``.

A passphrase protects alone against whoever has the files, and has to stand against a computer that
guesses for years at the price of Argon2id. A PIN is only asked for where the keyring of the
computer keeps half of the secret: then ten tries are all there is.
"""

from manchengo_presenters.language import N_
from manchengo_workplace.failures import Failure, Origin

PASSPHRASE_GUESSES = 10**8
"""At some 5 guesses a second for each core of an attacker: months on a thousand cores."""

PIN_LETTERS = 6
PIN_GUESSES = 10**4

_READ = 72
"""The estimator reads no more characters than that."""


def check_strength(secret: str, *, is_pin: bool, known: tuple[str, ...] = ()) -> None:
    """Raises ``Failure`` ``SecretTooWeak``. ``known``: names that others would try first."""
    secret = secret.strip()
    if is_pin and (len(secret) < PIN_LETTERS or guesses(secret, known) < PIN_GUESSES):
        raise Failure(
            "SecretTooWeak",
            N_(
                "This PIN would soon be guessed. It takes {least} digits or letters at least, and "
                "no date, no row and no repetition."
            ),
            {"least": PIN_LETTERS},
            key="PinTooWeak",
            origin=Origin.REQUEST,
        )
    if not is_pin and guesses(secret, known) < PASSPHRASE_GUESSES:
        raise Failure(
            "SecretTooWeak",
            N_(
                "This passphrase would soon be guessed. Three or four words that have nothing to "
                "do with each other are strong, and easy to keep."
            ),
            {},
            origin=Origin.REQUEST,
        )


def guesses(secret: str, known: tuple[str, ...] = ()) -> float:
    """How many guesses it takes, as far as the estimator knows; 0 for none."""
    from zxcvbn import zxcvbn  # late: it reads long lists of words

    if not secret:
        return 0
    return float(zxcvbn(secret[:_READ], user_inputs=list(known))["guesses"])
