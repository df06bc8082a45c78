"""Who a party is in the eyes of the law, kept in one value so that it can be sealed and erased."""

from attrs import frozen


@frozen(kw_only=True)
class Identity:
    """Address, contacts and the four Algerian registrations, as text (leading zeros matter).

    NIF: tax number, NIS: statistics number, RC: trade register, AI: tax article.
    """

    address: str = ""
    phone: str = ""
    email: str = ""
    nif: str = ""
    nis: str = ""
    rc: str = ""
    ai: str = ""
