"""What stands around or between the lines of a configuration."""
