"""What is remembered of attempts to come in, and of what happened to accounts."""
