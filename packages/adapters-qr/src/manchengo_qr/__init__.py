"""QR codes: what labels say, how they are drawn, and how they are read again."""
