"""Manchengo in the office: a window, or a browser on the same computer."""
