"""What screens made with Flet need, whatever they show: theme, hooks, fields, lists, keys."""
