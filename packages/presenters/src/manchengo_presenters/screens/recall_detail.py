"""What a recall reaches, as it is shown and as it is saved to be printed."""

from collections.abc import Iterator
from datetime import datetime

from attrs import frozen

from manchengo.application.genealogy import LotBalance
from manchengo.domain.access import Permission
from manchengo.domain.allocation import Standing
from manchengo.domain.ids import LotId
from manchengo.ports.store import Snapshot
from manchengo_presenters import recall_words, words
from manchengo_presenters.beginnings import start_line
from manchengo_presenters.completeness import completeness_lines
from manchengo_presenters.formatting import moment, number
from manchengo_presenters.language import _, ngettext
from manchengo_presenters.lot_places import claimed, place_text
from manchengo_presenters.screens.calls import Call, call_lines, calls, who_has_phones
from manchengo_presenters.screens.lot_trace import MOST_LINES, TraceLine, lots_of_tree
from manchengo_presenters.screens.office import SignedIn
from manchengo_presenters.screens.recalls import Reached

MOST_BALANCES = 50
"""Lots whose balance is shown; the file that is saved has all of them."""


@frozen(kw_only=True)
class BalanceLine:
    """The mass balance of one lot. ``lot_id``: None where the lot is only claimed, and cannot be
    opened. ``lost``: written off and sent back to the supplier; figures are "" where nothing is.
    """

    lot_id: LotId | None
    code: str
    product: str
    came_in: str
    consumed: str
    delivered: str
    returned: str
    lost: str
    adjusted: str
    left: str
    state: str
    is_recalled: bool


@frozen(kw_only=True)
class HeldLine:
    """What has not left the dairy, with the code of its lot."""

    lot: str
    text: str


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
    codes = recall_words.first_codes(reached.start, found)
    lines = [line for root in reached.trees for line in lots_of_tree(snapshot, root)]
    return RecallDetail(
        begun_with=start_line(reached.start, codes) or _("Lot {code}").format(code=codes[0]),
        reach=recall_words.reach_words(found),
        is_complete=found.completeness.is_alone
        or (found.completeness.known_until is not None and not found.completeness.silent),
        completeness=tuple(completeness_lines(found.completeness)),
        calls=calls(snapshot, found),
        phones="" if who.may(Permission.READ_PARTIES) else who_has_phones(),
        held=tuple(
            HeldLine(lot=lot or "?", text=place_text(each))
            for lot, each in recall_words.still_here(found)
        ),
        has_claims=recall_words.has_claims(found),
        tree=tuple(lines[:MOST_LINES]),
        is_cut=len(lines) > MOST_LINES,
        balances=tuple(_balance(each) for each in found.lots),
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


def _balance(each: LotBalance) -> BalanceLine:
    def figure(thousandths: int) -> str:
        return words.measured(thousandths, each.unit) if thousandths else ""

    is_recalled = each.standing == Standing.RECALLED
    state = words.word(words.LOT_STATUSES, "RECALLED") if is_recalled else ""
    return BalanceLine(
        lot_id=None if each.claimed else each.lot_id,
        code=each.lot or "?",
        product=each.product,
        came_in=figure(each.entered),
        consumed=figure(each.consumed),
        delivered=figure(each.delivered),
        returned=figure(each.returned),
        lost=figure(each.written_off + each.sent_back),
        adjusted=figure(each.adjusted),
        left=words.measured(each.on_hand, each.unit),
        state=claimed() if each.claimed else state,
        is_recalled=is_recalled,
    )


# ------------------------------------------------------------------------------- on paper


def recall_paper(detail: RecallDetail, dairy: str, at: datetime, *, is_drill: bool) -> str:
    """All of it as text, to be printed and ticked off. ``at``: when it was asked, in UTC."""
    return "\n".join(_paper(detail, dairy, at, is_drill=is_drill)) + "\n"


def _paper(detail: RecallDetail, dairy: str, at: datetime, *, is_drill: bool) -> Iterator[str]:
    yield _("RECALL DRILL: nothing is recalled") if is_drill else _("RECALL")
    yield " · ".join(filter(None, (dairy, moment(at))))
    yield detail.begun_with
    yield detail.reach
    yield from detail.completeness
    yield from ("", _("To call"))
    if detail.phones:
        yield detail.phones
    yield from call_lines(detail.calls)
    if not detail.calls:
        yield _("None of it has left for a client.")
    if detail.held:
        yield from ("", _("To hold back here"))
        yield from (f"[ ] {each.lot}\u00a0: {each.text}" for each in detail.held)
    yield from ("", _("Lots reached, and their mass balance"))
    yield from (balance_text(each) for each in detail.balances)
    yield from detail.balance_words
    if is_drill:
        yield from ("", _("DRILL."))


def balance_text(line: BalanceLine) -> str:
    """The balance of a lot on one line, with the figures that are not nothing."""
    named = (
        (_("Came in"), line.came_in),
        (_("Consumed"), line.consumed),
        (_("Delivered"), line.delivered),
        (_("Returned"), line.returned),
        (_("Lost or sent back"), line.lost),
        (_("Adjusted"), line.adjusted),
        (_("Left"), line.left),
    )
    figures = (
        _("{name}: {value}").format(name=name, value=value) for name, value in named if value
    )
    return " · ".join(filter(None, (line.code, line.product, *figures, line.state)))
