"""Where the pieces meet: the only module that knows SQLite and PostgreSQL.

A database is a file of SQLite, encrypted like a device's, or a schema of PostgreSQL.
"""
