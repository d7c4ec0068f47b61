"""A question and the index to the nearest passages."""
