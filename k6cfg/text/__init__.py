"""Lossless JSON: scan, parse, locate, edit. Nothing here knows of k6."""
