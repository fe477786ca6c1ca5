"""Stored events given back as observers saw them: in order of arrival."""
