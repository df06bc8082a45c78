"""What a person signed while their key or their rights had ended, accepted as a whole."""

from collections.abc import Iterator
from datetime import date

from attrs import frozen

from manchengo.commands import ResolveItem
from manchengo.domain.access import Permission, may_be_accepted
from manchengo.domain.commit import Authorship
from manchengo.domain.errors import Refused
from manchengo.domain.ids import CommitId, ResolutionItemId, UserId
from manchengo.domain.resolution import Way
from manchengo.ports.rows import ResolutionItemRow
from manchengo.ports.store import Snapshot
from manchengo_workplace.workplace import Workplace


@frozen(kw_only=True)
class Accepted:
    """One item of the person. ``refusal``: why it still waits; None where it is recorded now."""

    item: ResolutionItemRow
    refusal: Refused | None


def signed_by(snapshot: Snapshot, user_id: UserId) -> list[ResolutionItemRow]:
    """The open items of what this person signed and may be accepted: by key, each in the order in
    which it was signed.
    """
    found = [
        (part.key, part.sequence, row)
        for row in snapshot.rows(ResolutionItemRow, status="open", user_id=user_id)
        if may_be_accepted(row.refusal) and (part := _authorship(snapshot, row)) is not None
    ]
    return [row for _key, _sequence, row in sorted(found, key=lambda each: each[:2])]


def up_to(
    snapshot: Snapshot, rows: list[ResolutionItemRow], last: ResolutionItemId
) -> Iterator[ResolutionItemRow]:
    """Those of ``rows`` signed with the key of the item ``last``, up to that one: what was signed
    after it, or with another key, is left.
    """
    wanted = next(row for row in rows if row.id == last)
    limit = _authorship(snapshot, wanted)
    for row in rows:
        part = _authorship(snapshot, row)
        if part and limit and part.key == limit.key and part.sequence <= limit.sequence:
            yield row


def accept(
    workplace: Workplace, rows: list[ResolutionItemRow], *, reason: str, on: date
) -> list[Accepted]:
    """Accept these items one after the other, in one transaction. One that a rule refuses, as for
    want of stock, still waits, and does not keep the others.

    Raises ``NotPermitted`` where the person at work may accept nothing.
    """
    workplace.dairy.permit(Permission.MANAGE_KEYS, "resolution.accept")
    done = []
    with workplace.dairy.batch() as batch:
        for row in rows:
            command = ResolveItem(item_id=row.id, way=Way.ACCEPT, reason=reason, on=on)
            try:
                batch.execute(command, command_id=CommitId(workplace.ids.new()))
                done.append(Accepted(item=row, refusal=None))
            except Refused as refusal:
                done.append(Accepted(item=row, refusal=refusal))
    return done


def _authorship(snapshot: Snapshot, row: ResolutionItemRow) -> Authorship | None:
    commit = snapshot.commit(row.commit_id)
    return None if commit is None else commit.authorship
