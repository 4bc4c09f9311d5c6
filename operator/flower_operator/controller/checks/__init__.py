"""What is wrong and how to fix it: pure functions from what was read to a finding, one module an aspect."""
