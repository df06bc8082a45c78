"""Attacks on Manchengo, each carried out as an attacker would, on this machine alone.

One module for each kind: what floods or confuses the server over HTTP (``test_http``), what swells
in a file that somebody is asked to import (``test_workbooks``), what runs away with a terminal
(``test_texts``), what an import leaves readable or overwrites on a disk (``test_files_left``).
What a device that means harm can do with its own key stands where the exchange is tested
(``tests/server/test_hostile.py``).

A test first does what must work (an honest request, an honest file), then the attack. Where an
attack eats memory or files, it is measured against a limit of the operating system or as a ratio,
never against a clock alone. ``docs/explanation/threat-model.md`` names these tests.
"""
