"""The one place where the desktop is wired: what screens ask for, over the workplace."""

from manchengo_desktop.compose.device_office import DeviceOffice
from manchengo_workplace.opening import usual_path

__all__ = ["DeviceOffice", "usual_path"]
