"""Sentences about the dairy that can be false, and so are checked."""
