"""What the questions answer, for people and in JSON; imported when the question is asked."""
