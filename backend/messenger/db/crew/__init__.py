"""The processes of one machine share the chats: each chat has one writer among them."""
