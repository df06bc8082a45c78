"""The dairy itself: values, events, states and rules; no clock, no chance, no disk."""
