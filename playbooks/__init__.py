"""Playbooks: the versioned templates a program is launched from, and the launch itself."""
