"""The exchange between devices and the server: messages, signatures, client, background worker."""
