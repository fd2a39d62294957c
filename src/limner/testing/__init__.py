"""Fakes for those who test against Limner, or write engines for it."""
