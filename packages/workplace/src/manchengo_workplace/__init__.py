"""What every app at a device does: open, act, exchange, look up, propose."""
