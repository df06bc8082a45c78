"""Attacks on Manchengo, each carried out as an attacker would, on this machine alone.

One module for each kind: what confuses the server over HTTP or asks it for what nobody outside
should see (``test_http``), what fills its memory (``test_memory``), what swells in a workbook that
somebody is asked to import (``test_workbooks``), what becomes a formula in the file of refused rows
(``test_formulas``), what gives orders to a terminal or fills it (``test_terminals``), a device that
records in another's name (``test_in_anothers_name``), a server that lies (``test_lying_server``).
Forged tokens and requests stand where the exchange is tested (``tests/server/test_hostile.py``).

What goes through the server is tried on each database in which a server keeps its log: modules that
say ``usefixtures("on_each_database")``.

A test first does what must work (an honest request, an honest file), then the attack. Where an
attack eats memory or files, it is measured against a limit of the operating system or as a ratio,
never against a clock alone. ``docs/explanation/threat-model.md`` names these tests.
"""
