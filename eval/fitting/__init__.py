"""Where the constants of ``rag`` come from: fits on training rows, never on a benchmark."""
