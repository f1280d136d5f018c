"""The edge for members: portfolio, mission control, my work, owners, activity. Reads and shows; never decides."""
