"""One process of the server: its folder, its port, its siblings, and what it says of itself."""
