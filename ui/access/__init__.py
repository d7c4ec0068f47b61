"""Who may ask, and which documents are theirs."""
