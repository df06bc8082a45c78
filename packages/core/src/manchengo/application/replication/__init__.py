"""Replication: one log for the whole plant, and devices that each hold a prefix of it."""
