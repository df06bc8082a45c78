"""Devices and server, talking: what is said, how it is signed, and who keeps trying."""
