"""A recall on paper: whom to call, what to hold back, the lots and their mass balance."""

from collections.abc import Iterator
from datetime import datetime

from attrs import frozen

from manchengo import RecallReport, StartingLots
from manchengo.application.genealogy import LotBalance
from manchengo.domain.allocation import Standing
from manchengo.domain.ids import LotId
from manchengo.ports.store import Snapshot
from manchengo_presenters import recall_words, words
from manchengo_presenters.beginnings import start_line
from manchengo_presenters.calls import Call, call_lines, calls, who_has_phones
from manchengo_presenters.completeness import completeness_lines
from manchengo_presenters.formatting import moment
from manchengo_presenters.language import _
from manchengo_presenters.lot_places import claimed, place_text


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
class RecallPaper:
    """``heading``: what it is, ``drill``: that it is only practised, "" in earnest. ``plant``:
    whose it is, ``asked_at``: when it was asked. ``phones``: why no telephone is on it, "" where
    they are.
    """

    heading: str
    drill: str
    plant: str
    asked_at: str
    begun_with: str
    reach: str
    completeness: tuple[str, ...]
    calls: tuple[Call, ...]
    phones: str
    held: tuple[HeldLine, ...]
    balances: tuple[BalanceLine, ...]
    balance_words: tuple[str, ...]

    @property
    def text(self) -> str:
        """All of it as text, to be copied."""
        return "\n".join(_lines(self)) + "\n"


def recall_paper(
    snapshot: Snapshot,
    start: StartingLots,
    found: RecallReport,
    *,
    plant: str,
    at: datetime,
    may_read_phones: bool,
    is_drill: bool,
) -> RecallPaper:
    """``snapshot``: as far as the person may see it. ``at``: when it was asked, in UTC."""
    return RecallPaper(
        heading=_("RECALL"),
        drill=_("RECALL DRILL: nothing is recalled") if is_drill else "",
        plant=plant,
        asked_at=moment(at),
        begun_with=begun_with(start, found),
        reach=recall_words.reach_words(found),
        completeness=tuple(completeness_lines(found.completeness)),
        calls=calls(snapshot, found),
        phones="" if may_read_phones else who_has_phones(),
        held=held_lines(found),
        balances=balance_lines(found),
        balance_words=tuple(recall_words.balance_sentences(found)),
    )


def begun_with(start: StartingLots, found: RecallReport) -> str:
    """The lots with which the recall begins."""
    codes = recall_words.first_codes(start, found)
    return start_line(start, codes) or _("Lot {code}").format(code=codes[0])


def held_lines(found: RecallReport) -> tuple[HeldLine, ...]:
    """What has not left the dairy."""
    return tuple(
        HeldLine(lot=lot or "?", text=place_text(each))
        for lot, each in recall_words.still_here(found)
    )


def balance_lines(found: RecallReport) -> tuple[BalanceLine, ...]:
    """The mass balance of each lot."""
    return tuple(_balance(each) for each in found.lots)


def _balance(each: LotBalance) -> BalanceLine:
    def figure(thousandths: int) -> str:
        return words.measured(thousandths, each.unit) if thousandths else ""

    is_recalled = each.standing == Standing.RECALLED
    state = words.word(words.LOT_STATUSES, "RECALLED") if is_recalled else ""
    return BalanceLine(
        lot_id=None if each.claimed else each.lot_id,
        code=each.lot or "?",
        product=each.product_name,
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


def _lines(paper: RecallPaper) -> Iterator[str]:
    yield paper.drill or paper.heading
    yield " · ".join(filter(None, (paper.plant, paper.asked_at)))
    yield paper.begun_with
    yield paper.reach
    yield from paper.completeness
    yield from ("", _("To call"))
    if paper.phones:
        yield paper.phones
    yield from call_lines(paper.calls)
    if not paper.calls:
        yield _("None of it has left for a client.")
    if paper.held:
        yield from ("", _("To hold back here"))
        yield from (f"[ ] {each.lot}\u00a0: {each.text}" for each in paper.held)
    yield from ("", _("Lots reached, and their mass balance"))
    yield from (_balance_text(each) for each in paper.balances)
    yield from paper.balance_words
    if paper.drill:
        yield from ("", _("DRILL."))


def balance_figures(line: BalanceLine) -> tuple[tuple[str, str], ...]:
    """What happened to a lot, each with its name; "" where nothing is."""
    return (
        (_("Came in"), line.came_in),
        (_("Consumed"), line.consumed),
        (_("Delivered"), line.delivered),
        (_("Returned"), line.returned),
        (_("Lost or sent back"), line.lost),
        (_("Adjusted"), line.adjusted),
        (_("Left"), line.left),
    )


def _balance_text(line: BalanceLine) -> str:
    figures = (
        _("{name}: {value}").format(name=name, value=value)
        for name, value in balance_figures(line)
        if value
    )
    return " · ".join(filter(None, (line.code, line.product, *figures, line.state)))
