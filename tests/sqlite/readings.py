"""What another process reads in a test: it imports nothing but this."""

from manchengo.ports.reading_apart import Step
from manchengo.ports.store import Snapshot


def say_the_head(snapshot: Snapshot, step: Step) -> str:
    """Says how many commits there are, as how far it is."""
    step(snapshot.head())
    return "told"
