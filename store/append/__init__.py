"""The one way into the store: a batch of events and its checkpoints in a single transaction."""
