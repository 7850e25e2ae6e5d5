"""Drivers of the open internet (`kernel/ports/web.py`)."""
