"""The log and the views in PostgreSQL, for a server with several workers."""
