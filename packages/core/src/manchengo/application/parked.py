"""What a parked commit holds up: the things that it names, as far as its author may change them.

Nobody here can read it. So what comes after it, about the same things, waits for a program that
can; but nobody holds up the work of others by naming what their own roles never touch.
"""

from uuid import UUID

from manchengo.application.authors import user_of
from manchengo.application.unit_of_work import UnitOfWork
from manchengo.domain.access import Permission
from manchengo.domain.commit import Commit
from manchengo.domain.resolution import ClaimKind, Matter
from manchengo.ports.rows import ClaimRow, ResolutionItemRow, UserRow
from manchengo.ports.store import Snapshot

CHANGED_BY: dict[str, frozenset[Permission]] = {
    "supplier": frozenset({Permission.KEEP_PARTIES}),
    "client": frozenset({Permission.KEEP_PARTIES}),
    "product": frozenset({Permission.KEEP_PRODUCTS}),
    "price_list": frozenset({Permission.SELL}),
    "recipe": frozenset({Permission.KEEP_RECIPES}),
    "lot": frozenset(
        {
            Permission.RECEIVE,
            Permission.ENTER_OPENING_STOCK,
            Permission.COUNT_STOCK,
            Permission.WRITE_OFF,
            Permission.CORRECT_LOTS,
            Permission.BLOCK_LOTS,
            Permission.RELEASE_LOTS,
            Permission.RECALL_LOTS,
            Permission.PRODUCE,
            Permission.SELL,
            Permission.DELIVER,
        }
    ),
    "production_order": frozenset({Permission.PRODUCE}),
    "sales_order": frozenset({Permission.SELL, Permission.DELIVER}),
    "delivery": frozenset({Permission.DELIVER}),
    "invoice": frozenset(
        {Permission.ISSUE_INVOICES, Permission.CREDIT_OR_VOID, Permission.COLLECT}
    ),
    "credit_note": frozenset({Permission.CREDIT_OR_VOID}),
    "payment": frozenset({Permission.COLLECT, Permission.CREDIT_OR_VOID}),
    "user": frozenset({Permission.MANAGE_PEOPLE, Permission.MANAGE_KEYS}),
    "plant_details": frozenset({Permission.KEEP_PLANT}),
    "import": frozenset({Permission.IMPORT, Permission.UNDO_IMPORTS}),
}
"""The permissions by which a thing of that kind changes. Of a kind that is not here, as one of a
newer program, everybody may hold things up.
"""

NEVER_CLOSED = {"user", "device", "plant", "resolution"}
"""The kinds about which a parked commit holds nothing up: anybody can always be withdrawn, and
anything be decided on, that very commit too.
"""


def on_something_parked(snapshot: Snapshot, commit: Commit) -> bool:
    """Whether a commit that came before it, about the same things, is still parked."""
    parked = {"matter": Matter.PARKED.value, "status": "open"}
    if next(snapshot.rows(ResolutionItemRow, limit=1, **parked), None) is None:
        return False
    about = {(event.aggregate_type, event.aggregate_id) for event in commit.events}
    return any(
        is_parked(snapshot, commit, kind, aggregate_id)
        for kind, aggregate_id in about
        if kind not in NEVER_CLOSED
    )


def is_parked(snapshot: Snapshot, commit: Commit, kind: str, aggregate_id: UUID) -> bool:
    """Whether a commit about that, which came before this one, is still parked and holds up what is
    of that kind.
    """
    return any(
        claim.kind == ClaimKind.TOUCHED and claim.open and _holds_up(snapshot, claim, commit, kind)
        for claim in snapshot.rows(ClaimRow, subject=aggregate_id)
    )


def _holds_up(snapshot: Snapshot, claim: ClaimRow, commit: Commit, kind: str) -> bool:
    item = snapshot.get(ResolutionItemRow, claim.item_id)
    own = snapshot.entry(commit.id)
    other = snapshot.entry(item.commit_id) if item else None
    is_before = own is None or (other is not None and other.global_seq < own.global_seq)
    return is_before and (item is None or _may_change(snapshot, item, kind, claim.subject))


def _may_change(snapshot: Snapshot, item: ResolutionItemRow, kind: str, subject: UUID) -> bool:
    """Whether the author of what is parked may change things of that kind by one of their roles."""
    permissions = CHANGED_BY.get(kind)
    if permissions is None or subject == item.user_id:  # everybody keeps keys of their own
        return True
    author = user_of(UnitOfWork(snapshot), item.user_id)
    if author is None:
        return next(snapshot.rows(UserRow, limit=1), None) is None
    return any(author.may(permission) for permission in permissions)
