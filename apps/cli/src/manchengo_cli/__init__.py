"""Manchengo on the command line."""
