"""Template words of the plan."""
