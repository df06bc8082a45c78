"""Up to when an answer about lots is complete, in a sentence, and which devices it waits for."""

from collections.abc import Iterator
from typing import Any

from manchengo import Completeness, DeviceHeard
from manchengo_presenters.formatting import length_of_time, moment, number
from manchengo_presenters.language import _, ngettext


def completeness_shape(found: Completeness) -> dict[str, Any]:
    """For JSON."""
    known = found.known_until
    until = None if found.is_alone else found.complete_until
    return {
        "alone": found.is_alone,
        "complete_until": until.isoformat() if until else None,
        "known_until": known.isoformat() if known else None,
        "pending": found.pending,
        "devices": [_device_shape(each) for each in found.devices],
    }


def _device_shape(each: DeviceHeard) -> dict[str, Any]:
    return {
        "device": each.name,
        "id": str(each.device_id),
        "mark": each.mark,
        "withdrawn": each.withdrawn or None,
        "heard_until": each.heard_until.isoformat() if each.heard_until else None,
        "reached": each.is_reached,
        "heard_since": each.is_heard_since,
        "silent": each.is_silent,
    }


def completeness_lines(found: Completeness) -> Iterator[str]:
    """The sentences for people: up to when, but for which devices, and what to do about it."""
    if found.is_alone:
        yield _("Complete: this device is alone, it exchanges with no other.")
        return
    yield _until(found)
    if found.silent:
        yield ngettext(
            "What it recorded may be missing here. Have it exchange, then ask again; or look at "
            "its pages.",
            "What they recorded may be missing here. Have them exchange, then ask again; or look "
            "at their pages.",
            len(found.silent),
        )
    if found.pending:
        yield ngettext(
            "{count} commit of this device is part of the answer and was not sent yet.",
            "{count} commits of this device are part of the answer and were not sent yet.",
            found.pending,
        ).format(count=number(found.pending))


def _until(found: Completeness) -> str:
    until = found.complete_until
    if until is None:
        return _(
            "This device never exchanged: nothing of the others is here. Have it exchange with the "
            "server, then ask again."
        )
    if not found.silent:
        return _("Complete up to {moment}.").format(moment=moment(until))
    devices = ", ".join(_silent(found, each) for each in found.silent)
    return _("Complete up to {moment}, except {devices}.").format(
        moment=moment(until), devices=devices
    )


def _silent(found: Completeness, each: DeviceHeard) -> str:
    name = _("{device} (withdrawn)").format(device=each.name) if each.withdrawn else each.name
    if each.heard_until is None:
        return _("{device}, never heard").format(device=name)
    return _("{device}, silent for {time}").format(device=name, time=silence(found, each))


def silence(found: Completeness, each: DeviceHeard) -> str:
    """For how long nothing was heard of it, as ``2 jours``; empty where nothing ever was."""
    return length_of_time(found.now - each.heard_until) if each.heard_until else ""


def state(each: DeviceHeard) -> str:
    """What the device has to do with the lots, in a few words."""
    if not each.is_reached:
        return _("the lot did not reach it")
    if each.withdrawn:
        return _("withdrawn")
    return _("heard since it has the lot") if each.is_heard_since else _("not heard since")
