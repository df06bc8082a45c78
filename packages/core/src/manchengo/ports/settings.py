"""The settings of a store that say whose database it is: named once, for core and stores."""

DEVICE = "device_id"
"""The device that writes here. A backup has none: a copy that is put to work is another device."""

COPY_OF = "copy_of_device"
"""The device from whose database this one was copied."""

UNREADABLE = "unreadable_commits"
"""Commits that wait for the log and that no program can read, as a migration found them: ids
separated by spaces. Empty once they are set aside.
"""

FORMER_DEVICES = "former_devices"
"""What this device was before: ids separated by spaces. The copy of a copy may still hold what the
first of them wrote and nobody has seen.
"""

PLANT_ID = "server.plant_id"
"""The id of the plant that this device joined; absent where it joined none."""

LOG_EPOCH = "server.log_epoch"
"""Under which name the server's log was known when this device last read from it."""

KNOWN_AS = "server.device_id"
"""The id under which the server knows this device; absent: the one it bears."""

MARK = "device_mark"
"""The letters that the server gave to the device ``KNOWN_AS`` when it let it in. What counts is
what the log says since: ``manchengo.application.marks``.
"""
