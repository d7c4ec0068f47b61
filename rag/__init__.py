"""Steward: answers in verbatim quotes, or an honest refusal."""
