"""What is remembered of attempts: how often something was guessed at, and when that must stop."""
