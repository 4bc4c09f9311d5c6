"""The subcommands, one module each: `OPTIONS` (a dataclass), `run(settings, options)`, JSON-ready figures back."""
