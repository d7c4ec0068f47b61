"""The words around an answer by which people say whether it helped."""

DID_IT_HELP = "Did this help?"
HELPED = "It helped"
DID_NOT = "It did not"
WHAT = "What was wrong, or what do you know better?"
SEND = "Send"
THANKS = "Thank you. It is kept."
THANKS_FOR_WORDS = "Thank you. Your words are kept."
NOT_KEPT = "That could not be kept. Try again in a moment."


def kept(days: int) -> str:
    """What is kept of it, for how long, and who reads it."""
    return (
        f"If you say so, this is kept for {days} day{'' if days == 1 else 's'} and read by whoever "
        "runs this Steward: the question and those before it, the answer, your verdict and your "
        "words. No address, no cookie."
    )
