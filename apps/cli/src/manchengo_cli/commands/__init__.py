"""The commands, a file for each part of the dairy; each module holds a Typer ``app``.

Nothing heavy is imported here at the top: to list or to complete commands, these modules are read.
"""
