"""Labels on bad days: how many are read, and how long one picture takes, beside OpenCV alone."""

import time
from pstats import Stats

from attrs import frozen

from manchengo_qr.decoders import Decoder, installed_decoders
from manchengo_qr.drawing import draw, picture
from manchengo_qr.images import Picture
from manchengo_qr.payload import label_text
from manchengo_qr.reading import read_codes
from tests.bench.row import AtLeast, Finding, Row, Setting, stats_of
from tests.support.labels import LOT, OURS, damaged

TEXT = label_text(LOT, OURS)


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
    pictures = bad_pictures(3 if setting.quick else 15)
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


def bad_pictures(seeds: int) -> list[Picture]:
    """The label after each kind of damage, and after each two of them, from so many seeds."""
    label = picture(draw(TEXT))
    once = [bad for seed in range(seeds) for _, bad in damaged(label, seed)]
    return once + [bad for seed, one in enumerate(once) for _, bad in damaged(one, 1_000 + seed)]


def _read(pictures: list[Picture], decoders: tuple[Decoder, ...]) -> _Read:
    began = time.process_time()
    found = [read_codes(bad, decoders) for bad in pictures]
    spent = time.process_time() - began
    return _Read(
        names=", ".join(each.name for each in decoders),
        rate=found.count((TEXT,)) / len(pictures),
        ms=1_000 * spent / len(pictures),
        wrong=sum(any(text != TEXT for text in texts) for texts in found),
    )


def profiled(setting: Setting) -> Stats:
    return stats_of(lambda: [read_codes(bad) for bad in bad_pictures(1)])


ROW = Row(
    name="labels",
    about="damaged labels read, beside OpenCV alone",
    measure=measure,
    profiled=profiled,
)
