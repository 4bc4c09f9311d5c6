"""What the operator does while the API server fails, refuses or is away: nothing twice, nothing for ever."""
