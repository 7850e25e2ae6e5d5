"""The drivers that settings choose, and the one place where a module is loaded when it is asked for."""
