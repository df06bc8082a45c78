"""The resolution queue as rows."""

from collections.abc import Iterator

from manchengo.domain.resolution import ResolutionItem
from manchengo.ports.rows import ClaimRow, ResolutionItemRow, Row


def item(state: ResolutionItem) -> Iterator[Row]:
    """The rows of a resolution item and of its claims."""
    opened = state.opened
    yield ResolutionItemRow(
        id=state.id,
        commit_id=opened.commit_id,
        matter=state.matter.value,
        status="closed" if state.closed else "open",
        command_type=opened.command_type,
        refusal=state.refusal,
        facts=state.facts,
        user_id=opened.user_id,
        device_id=opened.device_id,
        recorded_at=opened.recorded_at.isoformat(),
        day=opened.on,
        closed_by=state.closed,
        reason=state.reason,
    )
    for number, claim in enumerate(state.claims, 1):
        yield ClaimRow(
            item_id=state.id,
            number=number,
            kind=claim.kind.value,
            subject=claim.subject,
            cause=claim.cause,
            code=claim.code,
            product_id=claim.product_id,
            quantity=claim.quantity.thousandths if claim.quantity else 0,
            unit=claim.quantity.unit.value if claim.quantity else "",
            day=opened.on,
            open=not state.closed,
        )
