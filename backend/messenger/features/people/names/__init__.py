"""Names of people: how they are stored, and how they are found."""
