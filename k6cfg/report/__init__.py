"""What people and programs get to read of findings: one model, several printers."""
