"""Words compared without accents, case, spaces and punctuation: ``Réduit`` is ``reduit``."""

import unicodedata


def fold(name: str) -> str:
    """``Date d'entrée`` gives ``datedentree``: no accents, case, spaces or punctuation."""
    return "".join(letter for letter in unaccented(name) if letter.isalnum())


def unaccented(name: str) -> str:
    """Without accents and case, ligatures spelt out."""
    spelt = unicodedata.normalize("NFKD", name).casefold().replace("œ", "oe").replace("æ", "ae")
    return "".join(letter for letter in spelt if not unicodedata.combining(letter))
