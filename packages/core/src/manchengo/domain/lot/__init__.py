"""A lot: one reception or one make of one product, followed to its last gram."""
