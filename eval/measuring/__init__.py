"""A question set put to Steward, and what came of it in figures."""
