"""Letters to people about their accounts, and the links in them that work once."""
