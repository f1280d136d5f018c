"""Plain Python about people: time zones and absences. Must not import Django."""
