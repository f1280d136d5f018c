"""Tests of the structure itself: layers, migrations, addresses, settings, and what may lie in the tree."""
