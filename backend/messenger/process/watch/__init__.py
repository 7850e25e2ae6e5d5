"""What a process says about itself: its log, its numbers, its traces."""
