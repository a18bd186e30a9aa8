"""``k6cfg``, and ``python -m k6cfg``: the command line, or an answer to a shell that asks what may come next."""

import gc
import os
import sys


def main() -> None:
    """Run the command line and exit."""
    # The variable's name is that of `completing`, which a command that is no question has no need to import.
    question = os.environ.get("_K6CFG_COMPLETE")
    if question is None:
        # What a command makes lives until it ends, and hardly any of it in circles: collecting would only walk over
        # it, over what is imported too, which is a fourth of the start.
        gc.set_threshold(500_000, 50, 50)
        try:
            from k6cfg.cli.app import main as command_line
        except KeyboardInterrupt:  # whoever is that quick gets no traceback, either
            sys.exit(130)
        command_line()
    from k6cfg.cli.completion import answer

    sys.stdout.buffer.write(answer(question).encode())


if __name__ == "__main__":
    main()
