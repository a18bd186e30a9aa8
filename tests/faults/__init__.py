"""Programs and tools that let a write go wrong on purpose."""
