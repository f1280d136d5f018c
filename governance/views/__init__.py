"""Pages after day 90: parse, call, render."""
