"""Ways through the screens, with a picture of each."""
