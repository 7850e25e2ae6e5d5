"""Knows all floors and does nothing else: opens, connects, closes."""
