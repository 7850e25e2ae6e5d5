"""Between the network and the doors: admits connections, wraps answers, and has the server's own doors."""
