"""Puts into the package what is made rather than written: the compiled translations."""

import runpy
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Made(BuildHookInterface):
    """Runs before a wheel is packed, and before an editable installation."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile the translations; take the migrations into wheels, where they have no root."""
        if self.target_name != "wheel":
            return
        translations = runpy.run_path(str(Path(self.root, "scripts", "translations.py")))
        translations["merge"]()
        translations["compile_catalogues"]()
        migrations = Path(self.root, "migrations")
        if version == "standard" and migrations.is_dir():
            build_data["force_include"][str(migrations)] = "crmlite/migrations"
