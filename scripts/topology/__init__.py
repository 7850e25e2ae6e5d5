"""Runs the composed deployment without containers: its parts as processes of this machine."""
