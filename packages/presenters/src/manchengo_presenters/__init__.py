"""What the operators read, in French, whatever the screen."""
