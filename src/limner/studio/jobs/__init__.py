"""Jobs: every long act in a queue that survives restarts."""
