"""The only floor that commits: engines, lanes, batches, streams, journal and outbox."""
