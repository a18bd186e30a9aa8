"""``python -m k6cfg`` is ``k6cfg``."""

from k6cfg.cli import main

main()
