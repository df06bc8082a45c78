"""What a person had better look at again, in words: what is unlikely, and what to check."""

from typing import assert_never

from manchengo.application.doubts import Doubt, DoubtfulClock, FarAhead, LongPast, UnlikelyYield
from manchengo_presenters import words
from manchengo_presenters.formatting import day
from manchengo_presenters.language import _


def sentence(doubt: Doubt) -> str:
    """The doubt, as a sentence that says what to check."""
    match doubt:
        case FarAhead():
            return _(
                "The date {on} is beyond tomorrow (today is {today}). What is dated ahead counts "
                "in the stock from its day on: check the date."
            ).format(on=day(doubt.on), today=day(doubt.today))
        case LongPast():
            return _(
                "The date {on} is more than two years back (today is {today}): check the year."
            ).format(on=day(doubt.on), today=day(doubt.today))
        case UnlikelyYield():
            return _(
                "The yield of {order} is unlikely: {obtained} obtained, where the recipe gives "
                "{expected}. Check both quantities."
            ).format(
                order=doubt.order,
                obtained=words.measure(doubt.obtained),
                expected=words.measure(doubt.expected),
            )
        case DoubtfulClock() if doubt.before is None:
            return _(
                "The clock of this device says {now}, which cannot be, and what is recorded here "
                "bears that day. Set its day and its hour, then correct what was recorded."
            ).format(now=day(doubt.now.date()))
        case DoubtfulClock():
            return _(
                "The clock of this device says {now}, and the entry before is of {before}. Check "
                "the day and the hour of this device, then look through what was recorded here."
            ).format(now=day(doubt.now.date()), before=day(doubt.before.date()))
        case _:
            assert_never(doubt)
