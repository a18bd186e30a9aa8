"""Everything that touches the outside: files, paths, environment, network."""
