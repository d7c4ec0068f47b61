"""Questions about documents as a whole: an overview in their own sentences, and which there are."""
