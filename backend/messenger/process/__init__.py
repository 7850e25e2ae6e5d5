"""One process of the server: its folder, its port, its sibling processes, its log, metrics and traces."""
