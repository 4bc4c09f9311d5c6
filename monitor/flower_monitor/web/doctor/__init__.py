"""Why do I see nothing: everything between a worker's event and a page, looked at one after the other."""
