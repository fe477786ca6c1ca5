"""Numbers about agents, users, tools and models, over time."""
