"""The drivers that the settings choose."""
