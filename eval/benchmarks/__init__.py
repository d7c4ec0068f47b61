"""Public benchmarks, one module each; nothing in Steward is chosen or fitted on them."""
