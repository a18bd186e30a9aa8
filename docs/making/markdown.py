"""What all pages share."""

NOTE = "<!-- Made by docs/generate.py; what is changed here by hand is lost. -->"


def cell(text: str) -> str:
    """A text that fits into a cell of a table."""
    return " ".join(text.split()).replace("|", "\\|")
