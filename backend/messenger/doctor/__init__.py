"""`web-messenger doctor`: examines everything the settings wire the server to, and says what is wrong and what to do."""
