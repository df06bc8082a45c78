"""Manchengo: an offline-first ERP core for a small food producer, event-sourced.

from manchengo import Manchengo, commands
from manchengo.memory import MemoryStore
"""

from manchengo import commands
from manchengo.application.dairy import Manchengo
from manchengo.domain.access import Actor, Role
from manchengo.domain.commit import Commit
from manchengo.domain.errors import Refused
from manchengo.domain.values import Money, Percent, Quantity, Unit
from manchengo.memory import MemoryStore
from manchengo.system import SystemClock, Uuid7Ids

__all__ = [
    "Actor",
    "Commit",
    "Manchengo",
    "MemoryStore",
    "Money",
    "Percent",
    "Quantity",
    "Refused",
    "Role",
    "SystemClock",
    "Unit",
    "Uuid7Ids",
    "commands",
]
