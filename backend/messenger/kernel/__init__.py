"""The shared vocabulary of all floors: ids, time, errors, events, the actor, and the ports.

No SQL, no HTTP, no event loop.
"""
