"""A simulated agent platform that drops native event files and tells believable stories."""
