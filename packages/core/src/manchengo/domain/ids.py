"""Each thing has its own type of identifier, so that a lot is never taken for an order.

All are UUIDs of version 7 made outside the domain and handed in; their order is only used to break
ties, the same way on every device.
"""

from typing import NewType
from uuid import UUID

SupplierId = NewType("SupplierId", UUID)
ClientId = NewType("ClientId", UUID)
ProductId = NewType("ProductId", UUID)
PriceListId = NewType("PriceListId", UUID)
RecipeId = NewType("RecipeId", UUID)
LotId = NewType("LotId", UUID)
ProductionOrderId = NewType("ProductionOrderId", UUID)
SalesOrderId = NewType("SalesOrderId", UUID)
DeliveryId = NewType("DeliveryId", UUID)
InvoiceId = NewType("InvoiceId", UUID)
CreditNoteId = NewType("CreditNoteId", UUID)
PaymentId = NewType("PaymentId", UUID)
ImportId = NewType("ImportId", UUID)
UserId = NewType("UserId", UUID)
InvitationId = NewType("InvitationId", UUID)
DeviceId = NewType("DeviceId", UUID)
CommitId = NewType("CommitId", UUID)
EventId = NewType("EventId", UUID)
ResolutionItemId = NewType("ResolutionItemId", UUID)

NOBODY = UserId(UUID(int=0))
"""Stands for a person where a command is only tried, and nobody gives it."""
