"""Sockets: sessions, topics, resuming, presence. Knows neither SQL nor features; both reach it through plates."""
