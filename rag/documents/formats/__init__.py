"""Formats other than text: one module for each, from a file's bytes to ``Extracted``."""
