"""What `auditail rules` does."""
