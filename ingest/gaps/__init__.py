"""Makes gaps visible: what could not be captured becomes an event itself, with its figures and told once."""
