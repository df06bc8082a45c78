"""What is refused or fails on the device, as screens are told of it."""

from collections.abc import Iterator
from contextlib import contextmanager

from manchengo.domain.errors import Refused
from manchengo_presenters import refusal_text
from manchengo_presenters.screens.problem import Problem
from manchengo_workplace.failures import Failure, failure_of


class PassphraseNeeded(Exception):
    """The database is encrypted, and nobody has typed its passphrase yet."""


@contextmanager
def of_field(field: str) -> Iterator[None]:
    """A failure in this block is shown beside that field."""
    try:
        yield
    except Failure as failure:
        raise Problem(failure.name, failure.sentence, field) from failure


@contextmanager
def problems() -> Iterator[None]:
    """Whatever is refused or fails in this block becomes a ``Problem``."""
    try:
        yield
    except (Problem, PassphraseNeeded):
        raise
    except Refused as refusal:
        raise Problem(type(refusal).__name__, refusal_text.sentence(refusal)) from refusal
    except Exception as error:
        failure = failure_of(error)
        raise Problem(failure.name, failure.sentence) from error
