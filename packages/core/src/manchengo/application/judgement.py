"""What the judge answers: the verdict on a commit, the reason, and what a person must look at.

Each of the four answers has a ``verdict``; a ``reason``, the name of the rule behind it, empty
where there is none; a ``matter``, why a person must look, None where nobody must; and ``facts``,
what the reason carries, by name.
"""

from typing import Any, ClassVar

from attrs import field, frozen

from manchengo import codec
from manchengo.application import refusals
from manchengo.application.unit_of_work import NewEvent, UnitOfWork
from manchengo.domain.commit import Verdict
from manchengo.domain.errors import Refused
from manchengo.domain.resolution import Matter


@frozen
class Accepted:
    """The commit takes effect as it was recorded. ``contested``: sensitive fields that somebody
    else changed at the same time. ``work``: the unit of work that recorded its events and no
    others; None where there is none. ``objections``: what speaks against a printed paper, which
    stands all the same.
    """

    events: tuple[Any, ...]
    new_events: tuple[NewEvent, ...] = field(default=(), eq=False, repr=False)
    contested: tuple[str, ...] = ()
    work: UnitOfWork | None = field(default=None, eq=False, repr=False)
    objections: tuple[Refused, ...] = ()

    verdict: ClassVar[Verdict] = Verdict.ACCEPTED

    @property
    def reason(self) -> str:
        """The name of the first objection; "" where there is none."""
        return type(self.objections[0]).__name__ if self.objections else ""

    @property
    def matter(self) -> Matter | None:
        """Contested, where fields of it lost to a later write, or a rule speaks against a paper."""
        return Matter.CONTESTED if self.contested or self.objections else None

    @property
    def facts(self) -> dict[str, object]:
        """What the first objection carries; else the names of the contested fields."""
        if self.objections:
            return refusals.facts(self.objections[0])
        return {"fields": list(self.contested)} if self.contested else {}


@frozen
class Reallocated:
    """The commit takes effect with other lots than those chosen offline, of which nothing had
    moved.
    """

    events: tuple[Any, ...]
    new_events: tuple[NewEvent, ...] = field(default=(), eq=False, repr=False)
    work: UnitOfWork | None = field(default=None, eq=False, repr=False)

    verdict: ClassVar[Verdict] = Verdict.REALLOCATED
    reason: ClassVar[str] = ""
    matter: ClassVar[None] = None

    @property
    def facts(self) -> dict[str, object]:
        """None: the other lots stand in the effects."""
        return {}


@frozen
class Rejected:
    """A rule refuses the commit in the state at the head of the log."""

    refusal: Refused

    verdict: ClassVar[Verdict] = Verdict.REJECTED
    matter: ClassVar[Matter] = Matter.REJECTED

    @property
    def reason(self) -> str:
        """The name of the refusal."""
        return type(self.refusal).__name__

    @property
    def facts(self) -> dict[str, object]:
        """What the refusal carries."""
        return refusals.facts(self.refusal)


@frozen
class Parked:
    """The commit cannot be judged yet: a newer program wrote it, its bytes are garbled, or it
    builds on such a commit. It is kept byte for byte until it can be.
    """

    why: Exception

    verdict: ClassVar[Verdict] = Verdict.PARKED
    matter: ClassVar[Matter] = Matter.PARKED

    @property
    def reason(self) -> str:
        """The name of the error."""
        return type(self.why).__name__

    @property
    def facts(self) -> dict[str, object]:
        """What the error says."""
        fault = self.why.why if isinstance(self.why, codec.Damaged) else str(self.why)
        return {"said": fault}


Judgement = Accepted | Reallocated | Rejected | Parked
