"""Numbers, money and dates as a French reader expects them, from integers that never drift.

Everything here takes whole numbers (thousandths of a unit, centimes, basis points), so that no
float appears between the stock and the paper. Thousands are set apart by a narrow no-break space
(U+202F) and a number from its unit by a no-break space (U+00A0): a line never ends inside a
quantity. ``plain`` and ``plain_money`` are the other face, for files and programs: a point, no
grouping.
"""

from datetime import date, datetime, timedelta

from manchengo.domain.values import decimal_text
from manchengo_presenters.language import N_, _, ngettext

NARROW = "\u202f"
NO_BREAK = "\u00a0"
MINUS = "\u2212"
"""As wide as a figure and at its height, which a hyphen is not; no line ends behind it."""

MINUTE, HOUR, DAY = 60, 3_600, 86_400


def number(count: int) -> str:
    """``1250`` reads ``1 250``."""
    return f"{count:,}".replace(",", NARROW).replace("-", MINUS)


def begun(text: str) -> str:
    """As it stands at the beginning of a line."""
    return text[:1].upper() + text[1:]


def plural(count: int, one: str, many: str) -> str:
    """``0 lot``, ``1 lot``, ``1 250 lots``: in French the plural begins at two."""
    return f"{number(count)}{NO_BREAK}{many if abs(count) >= 2 else one}"


def quantity(thousandths: int, unit: str = "") -> str:
    """``1250500`` thousandths of ``kg`` read ``1 250,5 kg``; no zero is added after the comma."""
    sign, whole, decimals = _parts(thousandths, places=3)
    return _with_unit(_french(sign, whole, decimals.rstrip("0")), unit)


def money(centimes: int, currency: str = "DA") -> str:
    """``1549524`` centimes read ``15 495,24 DA``: always two decimals."""
    return _with_unit(_french(*_parts(centimes, places=2)), currency)


def percent(basis_points: int) -> str:
    """``1900`` basis points read ``19 %``, ``950`` read ``9,5 %``."""
    sign, whole, decimals = _parts(basis_points, places=2)
    return _with_unit(_french(sign, whole, decimals.rstrip("0")), "%")


def plain(thousandths: int) -> str:
    """The canonical decimal string for files and programs: ``1250500`` gives ``1250.5``."""
    return decimal_text(thousandths, 3)


def plain_money(centimes: int) -> str:
    """The canonical amount for files and programs: ``1549524`` gives ``15495.24``."""
    return decimal_text(centimes, 2, shown=2)


def plain_price(centimes: int, per: int) -> str:
    """The canonical price: ``15495.24`` for one unit, ``0.35/100`` for a hundred."""
    amount = plain_money(centimes)
    return amount if per == 1 else f"{amount}/{per}"


def day(when: date) -> str:
    """``23/04/2026``. An hour, when there is one, is left out."""
    return f"{when.day:02}/{when.month:02}/{when.year:04}"


WEEKDAYS = (
    N_("Monday"),
    N_("Tuesday"),
    N_("Wednesday"),
    N_("Thursday"),
    N_("Friday"),
    N_("Saturday"),
    N_("Sunday"),
)
MONTHS = (
    N_("January"),
    N_("February"),
    N_("March"),
    N_("April"),
    N_("May"),
    N_("June"),
    N_("July"),
    N_("August"),
    N_("September"),
    N_("October"),
    N_("November"),
    N_("December"),
)


def long_day(when: date) -> str:
    """``samedi 1er août 2026``."""
    return _("{weekday} {day} {month} {year}").format(
        weekday=_(WEEKDAYS[when.weekday()]),
        day=_("1st") if when.day == 1 else when.day,
        month=_(MONTHS[when.month - 1]),
        year=when.year,
    )


def days_away(when: date, today: date) -> str:
    """How far a date lies from today, in words: ``aujourd’hui``, ``dans 3 jours``, ``hier``."""
    days = (when - today).days
    match days:
        case 0:
            return _("today")
        case 1:
            return _("tomorrow")
        case -1:
            return _("yesterday")
        case _ if days > 0:
            return ngettext("in {count} day", "in {count} days", days).format(count=number(days))
        case _:
            return _ago(-days, "day")


def elapsed(since: timedelta) -> str:
    """How long ago something happened, in the largest whole unit: ``il y a 5 minutes``.

    Clocks of two devices differ a little: what seems to come from the future happened just now.
    """
    seconds = int(since.total_seconds())
    if seconds < MINUTE:
        return _("just now")
    if seconds < HOUR:
        return _ago(seconds // MINUTE, "minute")
    if seconds < DAY:
        return _ago(seconds // HOUR, "hour")
    return _ago(seconds // DAY, "day")


def duration(length: timedelta) -> str:
    """A length of time at two units of precision: ``45 s``, ``5 min 08 s``, ``2 h 05 min``."""
    seconds = int(abs(length).total_seconds())
    sign = MINUS if length < timedelta(0) and seconds else ""
    if seconds < MINUTE:
        return f"{sign}{seconds}{NO_BREAK}s"
    if seconds < HOUR:
        return f"{sign}{seconds // MINUTE}{NO_BREAK}min{NO_BREAK}{seconds % MINUTE:02}{NO_BREAK}s"
    hours, minutes = seconds // HOUR, seconds % HOUR // MINUTE
    return f"{sign}{number(hours)}{NO_BREAK}h{NO_BREAK}{minutes:02}{NO_BREAK}min"


def length_of_time(time: timedelta) -> str:
    """How long something lasts, in the largest unit of which it has two: ``90 minutes``, ``2
    jours``. Less than a minute is one.
    """
    seconds = int(time.total_seconds())
    if seconds >= 2 * DAY:
        days = seconds // DAY
        return ngettext("{count} day", "{count} days", days).format(count=number(days))
    if seconds >= 2 * HOUR:
        hours = seconds // HOUR
        return ngettext("{count} hour", "{count} hours", hours).format(count=number(hours))
    minutes = max(1, seconds // MINUTE)
    return ngettext("{count} minute", "{count} minutes", minutes).format(count=number(minutes))


def moment(when: datetime) -> str:
    """``27/11/2026 08:42``, by the clock on the wall."""
    local = when.astimezone()
    return f"{day(local)}{NO_BREAK}{local:%H:%M}"


def _ago(count: int, unit: str) -> str:
    forms = {
        "minute": ngettext("{count} minute ago", "{count} minutes ago", count),
        "hour": ngettext("{count} hour ago", "{count} hours ago", count),
        "day": ngettext("{count} day ago", "{count} days ago", count),
    }
    return forms[unit].format(count=number(count))


def _parts(scaled: int, *, places: int) -> tuple[str, int, str]:
    """Sign, whole part and decimals of an integer counted in hundredths, thousandths and so on."""
    whole, decimals = divmod(abs(scaled), 10**places)
    return MINUS if scaled < 0 else "", whole, f"{decimals:0{places}}"


def _french(sign: str, whole: int, decimals: str) -> str:
    return f"{sign}{number(whole)},{decimals}" if decimals else f"{sign}{number(whole)}"


def _with_unit(figure: str, unit: str) -> str:
    return f"{figure}{NO_BREAK}{unit}" if unit else figure


def size(count: int) -> str:
    """``12,4 Mo``: bytes as a French reader counts them."""
    kilo, unit = count / 1000, _("kB")
    if kilo >= 1000:
        kilo, unit = kilo / 1000, _("MB")
    if kilo >= 1000:
        kilo, unit = kilo / 1000, _("GB")
    return f"{kilo:.1f}".replace(".", ",") + f"{NO_BREAK}{unit}"
