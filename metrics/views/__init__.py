"""Pages of the metrics and the address where monitoring systems send readings. Decides nothing; services do."""
