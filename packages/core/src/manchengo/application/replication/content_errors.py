"""The errors that a commit without sense may raise in whatever looks at it."""

FROM_THE_CONTENT = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)
"""Errors of the machine are others."""
