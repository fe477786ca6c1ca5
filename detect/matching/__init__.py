"""From a rule to a quick answer whether an event matches it."""
