"""crmlite: a self-hosted CRM for small businesses. This is also all that an industry pack imports."""

import pluggy

__version__ = "0.1.0"
__all__ = ["__version__", "hookimpl"]

hookimpl = pluggy.HookimplMarker("crmlite")
