"""What `auditail alerts` asks, does and writes."""
