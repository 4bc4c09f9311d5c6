"""The file of Flower's `--persistent --db`, taken over once."""
