"""Logging in by somebody else's word: OpenID Connect and GitHub. The libraries for it are loaded at the first login."""
