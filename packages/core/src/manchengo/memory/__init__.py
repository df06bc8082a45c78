"""Every port in memory: the store, a clock that steps and identifiers that count."""

from manchengo.memory.clock_and_ids import START_OF_MEMORY, CountingIds, SteppingClock
from manchengo.memory.store import MemoryStore

__all__ = ["START_OF_MEMORY", "CountingIds", "MemoryStore", "SteppingClock"]
