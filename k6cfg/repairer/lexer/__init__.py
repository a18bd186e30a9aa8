"""Tokens of a malformed text, with every reading that each may have."""
