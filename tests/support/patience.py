"""How long a test waits for what must come: a limit that only ends what is stuck.

No verdict hangs on it, so it is longer than the busiest machine needs.
"""

PATIENCE = 240.0
"""Seconds."""
