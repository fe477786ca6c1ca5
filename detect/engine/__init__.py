"""From matches to incidents, event by event, with a state that can be kept and restored."""
