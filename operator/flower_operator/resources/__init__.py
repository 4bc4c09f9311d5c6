"""Desired state: pure functions from a FlowerMonitor to the objects that it needs. No client, no clock, no logger."""
