"""One function per command: read the states, let the domain decide, record the events."""
