"""Pages of the reminders: preview and ledger, the mailbox, operations, health."""
