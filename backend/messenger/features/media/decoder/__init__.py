"""A separate program that decodes images of strangers; it imports this folder and Pillow, nothing else of ours."""

from typing import Final

LARGE_STATUS: Final = 3
"""The exit status of a program that met an image with more pixels than it may decode beside others."""
