"""What an optional language model writes of the quotes, each sentence checked."""
