"""What k6 makes of a document: decoding, grammars, secrets, layers, cloud settings."""
