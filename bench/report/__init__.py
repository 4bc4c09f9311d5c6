"""Results as Markdown. Pure."""
