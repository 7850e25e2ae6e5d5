"""What HTTP doors and sockets share. Knows no feature."""
