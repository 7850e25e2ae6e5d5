"""Observes a process: its log, its metrics, its traces."""
