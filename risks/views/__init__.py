"""Pages of the risk register. Decide nothing; services do."""
