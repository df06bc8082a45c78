"""A stranger's file becomes rows of text, then values; nothing here knows what a lot is."""
