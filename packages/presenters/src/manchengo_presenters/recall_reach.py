"""How far a recall reaches, in a few words."""

from manchengo_presenters.formatting import number
from manchengo_presenters.language import ngettext


def recall_reach(lots: int, deliveries: int, clients: int) -> str:
    """As in ``3 lots, 12 livraisons, 8 clients``."""
    return ", ".join(
        (
            ngettext("{count} lot", "{count} lots", lots).format(count=number(lots)),
            ngettext("{count} delivery", "{count} deliveries", deliveries).format(
                count=number(deliveries)
            ),
            ngettext("{count} client", "{count} clients", clients).format(count=number(clients)),
        )
    )
