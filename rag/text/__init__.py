"""Text to vectors, words, sentences and numbers of tokens."""
