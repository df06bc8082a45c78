"""What a recall reaches, in words."""

from collections.abc import Iterator

from manchengo import RecallReport, StartingLots
from manchengo.application.genealogy import CLAIMED
from manchengo.domain.allocation import Standing
from manchengo_presenters.beginnings import lots_to_recall
from manchengo_presenters.formatting import number
from manchengo_presenters.language import _, ngettext
from manchengo_presenters.lot_places import Place
from manchengo_presenters.recall_reach import recall_reach


def reach_words(found: RecallReport) -> str:
    """As in ``3 lots, 12 livraisons, 8 clients``."""
    return recall_reach(len(found.lots), len(found.shipments), len(found.clients))


def drill_over(found: RecallReport, minutes: int) -> str:
    """How far a recall that was practised reached, and how long it took."""
    return ngettext(
        "DRILL over: {reach}, in {count} minute. It is in the audit.",
        "DRILL over: {reach}, in {count} minutes. It is in the audit.",
        minutes,
    ).format(reach=reach_words(found), count=number(minutes))


def first_codes(start: StartingLots, found: RecallReport) -> list[str]:
    """Of the lots with which it begins: they are the first of those it reaches."""
    return [each.lot for each in found.lots[: len(lots_to_recall(start))]]


def still_here(found: RecallReport) -> list[tuple[str, Place]]:
    """What has not left the dairy, with the code of its lot: to be held back or looked at."""
    return [*found.loaded, *found.orders, *found.reserved, *found.claims]


def has_claims(found: RecallReport) -> bool:
    """Whether some of it was recorded and is not accepted."""
    ships = (*found.shipments, *found.loaded)
    return bool(
        found.claims
        or any(each.claimed for each in found.lots)
        or any(each.claimed for _lot, each in ships)
        or any(each.claimed for _lot, each in found.orders)
    )


def not_recalled(found: RecallReport) -> list[str]:
    """The codes of the lots that it reaches and that are not recalled yet; nobody recalls what is
    only claimed.
    """
    return [each.lot for each in found.lots if each.standing not in {Standing.RECALLED, CLAIMED}]


def is_recalled(found: RecallReport) -> bool:
    """Whether the lot with which it begins is recalled."""
    return found.lots[0].standing == Standing.RECALLED


def balance_sentences(found: RecallReport) -> Iterator[str]:
    """Which lots wait to be recalled again, and whether the mass balance closes."""
    late = not_recalled(found)
    if late and is_recalled(found):
        yield _("Reached by the recall and not recalled yet: {lots}. Recall the lot again.").format(
            lots=", ".join(late)
        )
    unbalanced = [balance.lot for balance in found.lots if not balance.balanced]
    if unbalanced:
        yield _("The mass balance does not close for: {lots}.").format(lots=", ".join(unbalanced))
    else:
        yield _("The mass balance of every lot closes to the gram.")
