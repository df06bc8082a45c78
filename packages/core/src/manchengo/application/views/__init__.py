"""View rows from states: written once here, stored by adapters."""
