"""The search for the cheapest repair."""
