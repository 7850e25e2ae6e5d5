"""The pages of an embedded database: keeps a checksum of each beside the file, and compares the two."""
