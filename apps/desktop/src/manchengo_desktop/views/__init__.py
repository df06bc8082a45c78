"""Where things stand on each screen; what they are comes of the presenters."""
