"""Shares the chats among the processes of one machine: each chat has one writer among them."""
