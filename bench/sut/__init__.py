"""The system under test: a monitor, started from a command line or running already, and what it answers."""
