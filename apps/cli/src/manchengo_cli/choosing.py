"""What is proposed when it was not typed."""

from datetime import date, timedelta

from manchengo.ports.rows import ProductRow
from manchengo_cli.executing import Choices


def expiry(choices: Choices, given: date | None, product: ProductRow) -> date | None:
    """The last day of use of what comes in; None when it keeps for ever."""
    days = product.shelf_life_days
    if given is None and days is None:
        return None
    return choices.settle(
        given,
        "expires_on",
        read=date.fromisoformat,
        otherwise=lambda: choices.day + timedelta(days=days or 0),
    )
