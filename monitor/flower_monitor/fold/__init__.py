"""From bytes to rows, with no input and no output: decode events, fold them into tasks and workers."""
