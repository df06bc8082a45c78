"""One command in, one commit out; and the questions people ask."""
