"""The plate of sockets: they add to the server as a house does."""
