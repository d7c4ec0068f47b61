"""How well Steward finds, quotes and refuses, measured."""
