"""What a person meets: the command line, the chat and the pages of the documents."""

import os

# Gradio would report its use and look for a newer version.
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
