"""A second process that appends, so that reading and storing a backlog use two cores."""
