"""What a playbook and a program specification are, as plain values: no Django, no clock, no files, no database."""
