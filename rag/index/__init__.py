"""Passages to an index, and the index as it is read."""
