"""What a recall reaches, as it is shown."""

from attrs import frozen

from manchengo.domain.access import Permission
from manchengo.ports.store import Snapshot
from manchengo_presenters import recall_words
from manchengo_presenters.calls import Call, calls, who_has_phones
from manchengo_presenters.completeness import completeness_lines
from manchengo_presenters.formatting import number
from manchengo_presenters.language import _, ngettext
from manchengo_presenters.recall_paper import (
    BalanceLine,
    HeldLine,
    balance_lines,
    begun_with,
    held_lines,
)
from manchengo_presenters.screens.lot_trace import MOST_LINES, TraceLine, lots_of_tree
from manchengo_presenters.screens.office import SignedIn
from manchengo_presenters.screens.recalls import Reached

MOST_BALANCES = 50
"""Lots whose balance is shown; the file that is saved has all of them."""


@frozen(kw_only=True)
class RecallDetail:
    """``begun_with``: which lots it begins with. ``reach``: how far it goes, in a few words.
    ``is_complete``: whether no device is missing; ``completeness`` says which. ``phones``: why no
    telephone is shown, "" where they are. ``tree``: the lots, each before what was made of it.
    ``waits``: lots that a recall would set aside now; ``was_recalled``: it was recalled before.
    ``effect``: the question before it is recalled.
    """

    begun_with: str
    reach: str
    is_complete: bool
    completeness: tuple[str, ...]
    calls: tuple[Call, ...]
    phones: str
    held: tuple[HeldLine, ...]
    has_claims: bool
    tree: tuple[TraceLine, ...]
    is_cut: bool
    balances: tuple[BalanceLine, ...]
    balance_words: tuple[str, ...]
    is_balanced: bool
    waits: bool
    was_recalled: bool
    effect: str

    @property
    def went_nowhere(self) -> bool:
        """Whether nothing was made of it and none of it left."""
        return len(self.balances) == 1 and not self.calls and not self.held


def recall_detail(snapshot: Snapshot, reached: Reached, who: SignedIn) -> RecallDetail:
    """What is shown of it. ``snapshot``: as far as the person may see it."""
    found = reached.report
    lines = [line for root in reached.trees for line in lots_of_tree(snapshot, root)]
    return RecallDetail(
        begun_with=begun_with(reached.start, found),
        reach=recall_words.reach_words(found),
        is_complete=found.completeness.is_alone
        or (found.completeness.known_until is not None and not found.completeness.silent),
        completeness=tuple(completeness_lines(found.completeness)),
        calls=calls(snapshot, found),
        phones="" if who.may(Permission.READ_PARTIES) else who_has_phones(),
        held=held_lines(found),
        has_claims=recall_words.has_claims(found),
        tree=tuple(lines[:MOST_LINES]),
        is_cut=len(lines) > MOST_LINES,
        balances=balance_lines(found),
        balance_words=tuple(recall_words.balance_sentences(found)),
        is_balanced=all(each.balanced for each in found.lots),
        waits=bool(recall_words.not_recalled(found)),
        was_recalled=recall_words.is_recalled(found),
        effect=_effect(len(recall_words.not_recalled(found)), len(found.clients)),
    )


def _effect(lots: int, clients: int) -> str:
    sentence = _("Recall {lots}? A recall never ends.")
    if clients:
        sentence = _("Recall {lots} and tell {clients}? A recall never ends.")
    return sentence.format(
        lots=ngettext("{count} lot", "{count} lots", lots).format(count=number(lots)),
        clients=ngettext("{count} client", "{count} clients", clients).format(
            count=number(clients)
        ),
    )
