"""The words of signing in and out."""

from ui.wording.chat import SIGN_OUT as SIGN_OUT
from ui.wording.chat import TAGLINE as TAGLINE

SIGN_IN = "Sign in"
SIGN_IN_TO_STEWARD = "Sign in to Steward"
SIGNED_IN = "Signed in"
NAME = "Name"
PASSWORD = "Password"
TOKEN = "Access token"
OR_THE_TOKEN = "With the access token, leave the name empty."
TO_STEWARD = "Steward"


def signed_in(name: str) -> str:
    """Say as whom."""
    return f"You are signed in as {name}." if name else "You are signed in by the access token."
