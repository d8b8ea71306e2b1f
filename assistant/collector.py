"""Python's collector of garbage in rings, kept still while a server starts.

Starting makes a hundred thousand objects that stay for as long as the process does. The collector would go
through them again and again as they grow, for a tenth of the processor time that starting takes.
"""

from __future__ import annotations

import gc


def hold() -> None:
    """Keep the collector still from here on."""
    gc.disable()


def release() -> None:
    """Let a collector that was held work again, on what is made from here on."""
    if not gc.isenabled():
        gc.freeze()
        gc.enable()
