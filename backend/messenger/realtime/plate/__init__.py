"""What sockets bring to the server, as a house does."""
