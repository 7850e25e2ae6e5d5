"""Remembers attempts to sign in, and keeps the audit trail of accounts."""
