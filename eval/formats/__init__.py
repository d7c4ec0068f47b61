"""Files of other formats: a corpus made by other people's programs, and how well it is read."""
