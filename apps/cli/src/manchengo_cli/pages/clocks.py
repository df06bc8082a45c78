"""Clocks that are wrong, and what to do about them."""

from collections.abc import Iterable
from datetime import timedelta

from manchengo.domain.ids import DeviceId
from manchengo.ports.store import Snapshot
from manchengo_presenters import command_view
from manchengo_presenters.formatting import length_of_time
from manchengo_presenters.language import _
from manchengo_workplace.server import ExchangeState


def own_clock_lines(ahead: timedelta) -> Iterable[str]:
    """``ahead``: of the server's; nothing where it is about right."""
    if ahead > timedelta():
        yield _(
            "The clock of this device is ahead of the server's by {time}, and so is what is "
            "recorded here. Set its day and its hour, or those of the server, then look through "
            "what was recorded meanwhile."
        ).format(time=length_of_time(ahead))
    elif ahead:
        yield _(
            "The clock of this device is behind the server's by {time}, and so is what is "
            "recorded here. Set its day and its hour, or those of the server, then look through "
            "what was recorded meanwhile."
        ).format(time=length_of_time(-ahead))


def other_clocks_lines(snapshot: Snapshot, state: ExchangeState) -> Iterable[str]:
    """What to do about the clocks of devices that recorded at an odd time."""
    wrong = dict.fromkeys([*state.fast_clocks, *state.slow_clocks])
    if wrong:
        yield _(
            "Set the day and the hour of {devices}, then look through what was recorded there: "
            "its dates are wrong."
        ).format(devices=", ".join(command_view.known_device(snapshot, each) for each in wrong))


def state_of(state: ExchangeState, device_id: DeviceId) -> str | None:
    """For programs: ``ahead`` or ``behind``; None where nothing is odd."""
    if device_id in state.slow_clocks:
        return "behind"
    return "ahead" if device_id in state.fast_clocks else None
