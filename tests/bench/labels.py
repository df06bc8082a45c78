"""Labels on bad days: how many are read, and how long one picture takes, beside OpenCV alone.

Labels of all kinds are printed as a label printer burns them, damaged under a seed, and read again.
"""

import time
from datetime import UTC, datetime, timedelta
from pstats import Stats
from uuid import UUID

import numpy as np
from attrs import evolve, frozen

from manchengo.domain.label import Label, LabelKind
from manchengo_documents.label_sizes import RollSize
from manchengo_documents.labels import DOTS_PER_MM, PrintedLabel, label_roll
from manchengo_documents.zpl import in_dots
from manchengo_presenters.labels import LabelText
from manchengo_qr.decoders import Decoder, installed_decoders
from manchengo_qr.drawing import draw
from manchengo_qr.images import Picture
from manchengo_qr.payload import label_text
from manchengo_qr.reading import read_codes
from tests.bench.row import AtLeast, Finding, Row, Setting, stats_of
from tests.support.labels import LOT, OURS, damaged

NOW = datetime(2026, 11, 30, 8, tzinfo=UTC)
WORDS = LabelText(kind="Lot de matière première", code="MP-20261130-001", title="Lait de vache")
"""The words beside the code."""


@frozen
class _Bad:
    """``picture``: a damaged one of the label that says ``text``."""

    text: str
    picture: Picture


@frozen
class _Read:
    """What some decoders made of the pictures."""

    names: str
    rate: float
    ms: float
    wrong: int

    def __str__(self) -> str:
        return f"{self.rate:.0%} in {self.ms:.0f} ms each ({self.names})"


def measure(setting: Setting) -> list[Finding]:
    pictures = bad_pictures(3 if setting.quick else 16)
    decoders = installed_decoders()
    together, alone = _read(pictures, decoders), [_read(pictures, (one,)) for one in decoders]
    figures = {f"{each.names} rate": each.rate for each in alone}
    figures |= {f"{each.names} ms": each.ms for each in alone}
    assert not any(each.wrong for each in (together, *alone)), "a code was read that is not there"
    return [
        Finding(
            name="labels",
            ours=str(together),
            beside=str(alone[-1]),
            value=together.rate / alone[-1].rate,
            budget=AtLeast(1),
            note=f"{len(pictures)} damaged labels; " + "; ".join(map(str, alone[:-1])),
            figures=figures,
        )
    ]


def bad_pictures(seeds: int) -> list[_Bad]:
    """A label for each seed, after each kind of damage and after each two of them."""
    once = [
        _Bad(text, bad)
        for seed in range(seeds)
        for text in [label_text(label_of(seed), OURS)]
        for _, bad in damaged(printed(text, dpi=203 if seed % 2 else 300), seed)
    ]
    twice = [
        _Bad(one.text, bad)
        for seed, one in enumerate(once)
        for _, bad in damaged(one.picture, 1_000 + seed)
    ]
    return once + twice


def label_of(seed: int) -> Label:
    """Of one kind after the other, every other four with a last day and a code."""
    bare = Label(kind=list(LabelKind)[seed % 4], subject=UUID(int=LOT.subject.int + seed))
    if seed // 4 % 2 == 0:
        return bare
    return evolve(bare, expires_on=NOW.date() + timedelta(days=seed), batch=f"L-{seed:03}")


def printed(text: str, *, dpi: int) -> Picture:
    """The half of a label of 100×50 mm on which the code is, in the dots of that printer."""
    label = PrintedLabel(text=WORDS, modules=draw(text).rows)
    pdf = label_roll([label], size=RollSize.LARGE, dpi=dpi, made_at=NOW)
    (page,) = (np.asarray(each, np.uint8) for each in in_dots(pdf, DOTS_PER_MM[dpi]))
    return page[:, : page.shape[0]].copy()


def _read(bad: list[_Bad], decoders: tuple[Decoder, ...]) -> _Read:
    began = time.process_time()
    found = [read_codes(each.picture, decoders) for each in bad]
    spent = time.process_time() - began
    pairs = list(zip(bad, found, strict=True))
    return _Read(
        names=", ".join(each.name for each in decoders),
        rate=sum(texts == (each.text,) for each, texts in pairs) / len(bad),
        ms=1_000 * spent / len(bad),
        wrong=sum(any(text != each.text for text in texts) for each, texts in pairs),
    )


def profiled(setting: Setting) -> Stats:
    return stats_of(lambda: [read_codes(bad.picture) for bad in bad_pictures(1)])


ROW = Row(
    name="labels",
    about="damaged labels read, beside OpenCV alone",
    measure=measure,
    profiled=profiled,
)
