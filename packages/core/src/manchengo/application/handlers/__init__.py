"""What each command does to the books: read, decide in the domain, tell."""
