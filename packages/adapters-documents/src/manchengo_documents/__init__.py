"""What the dairy prints: labels, as PDF and for label printers."""
