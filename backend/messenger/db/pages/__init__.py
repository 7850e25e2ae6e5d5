"""The pages of an embedded database: a checksum of each beside the file, and what compares the two."""
