"""Tests of auditail."""
