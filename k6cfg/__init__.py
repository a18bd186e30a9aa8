"""k6cfg looks after the config.json of k6: validates, repairs and safely edits it."""

__version__ = "0.1.0"
