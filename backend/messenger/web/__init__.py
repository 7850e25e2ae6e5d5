"""Between the network and the doors: who may connect, what wraps every answer, and the doors of the server itself."""
