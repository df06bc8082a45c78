"""A few rows of a dairy's files, for the demonstration: the shapes are real, the people are not."""
