"""How long a new passphrase or PIN withstands guessing, by the estimator ``zxcvbn``.

A passphrase protects alone against whoever has the files, and has to stand against a computer that
guesses for years at the price of Argon2id. A PIN is only asked for where the keyring of the
computer keeps half of the secret: then ten tries are all there is.
"""

from attrs import frozen

from manchengo_presenters.language import N_, _

PASSPHRASE_GUESSES = 10**8
"""At some 5 guesses a second for each core of an attacker: months on a thousand cores."""

PIN_LETTERS = 6
PIN_GUESSES = 10**4

_READ = 72
"""The estimator reads no more characters than that."""


@frozen(kw_only=True)
class Weakness:
    """Why a secret is refused. ``key``: stable, for programs; ``template``: the English sentence,
    as the catalogue knows it, that ``facts`` fill in.
    """

    key: str
    template: str
    facts: dict[str, object]

    @property
    def sentence(self) -> str:
        """The sentence, in the reader's language."""
        return _(self.template).format(**self.facts)


PIN_TOO_WEAK = Weakness(
    key="PinTooWeak",
    template=N_(
        "This PIN would soon be guessed. It takes {least} digits or letters at least, and "
        "no date, no row and no repetition."
    ),
    facts={"least": PIN_LETTERS},
)

PASSPHRASE_TOO_WEAK = Weakness(
    key="SecretTooWeak",
    template=N_(
        "This passphrase would soon be guessed. Three or four words that have nothing to "
        "do with each other are strong, and easy to keep."
    ),
    facts={},
)


def weakness(secret: str, *, is_pin: bool, known: tuple[str, ...] = ()) -> Weakness | None:
    """Why the secret would soon be guessed; None for a strong one. ``known``: names that others
    would try first.
    """
    secret = secret.strip()
    if is_pin:
        is_weak = len(secret) < PIN_LETTERS or guesses(secret, known) < PIN_GUESSES
        return PIN_TOO_WEAK if is_weak else None
    return PASSPHRASE_TOO_WEAK if guesses(secret, known) < PASSPHRASE_GUESSES else None


def guesses(secret: str, known: tuple[str, ...] = ()) -> float:
    """How many guesses it takes, as far as the estimator knows; 0 for none."""
    from zxcvbn import zxcvbn  # late: it reads long lists of words

    if not secret:
        return 0
    return float(zxcvbn(secret[:_READ], user_inputs=list(known))["guesses"])
