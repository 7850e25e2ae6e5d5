"""What the server makes of files, each in a decoder of its own: a separate process without access to data."""
