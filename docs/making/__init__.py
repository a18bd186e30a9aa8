"""The pages, the man page and the table for shells, made from the commands, the schema, the rules and the checks."""
