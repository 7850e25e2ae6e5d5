"""Knows everything and does nothing else: opens, connects, closes."""
