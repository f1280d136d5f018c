"""The compose file: its shape, and each service's command run for real without containers."""
