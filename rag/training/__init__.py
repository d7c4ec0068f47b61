"""Training the reader: nothing here is needed to answer a question."""
