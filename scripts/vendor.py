"""Check the third-party files that crmlite carries, or fetch them again from npm.

python scripts/vendor.py              compare every file with its recorded checksum
python scripts/vendor.py refresh      fetch the pinned versions again
python scripts/vendor.py move htmx.org 2.0.12
                                      take another version of one package
"""

import argparse
import hashlib
import io
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "crmlite" / "static" / "vendor"
MANIFEST = FOLDER / "VENDOR.toml"


def packages() -> list[dict]:
    """The pinned packages, as `VENDOR.toml` lists them."""
    return tomllib.loads(MANIFEST.read_text("utf-8"))["package"]


def sha256(data: bytes) -> str:
    """Checksum of `data` as the manifest writes it."""
    return hashlib.sha256(data).hexdigest()


def mistakes() -> list[str]:
    """What differs between the folder and the manifest, one sentence each; empty when all is well."""
    found = []
    listed = {MANIFEST.name}
    for package in packages():
        for file in package["files"]:
            listed.add(file["path"])
            path = FOLDER / file["path"]
            if not path.is_file():
                found.append(f"{file['path']} is missing")
            elif sha256(path.read_bytes()) != file["sha256"]:
                found.append(f"{file['path']} is not what {package['name']} delivered")
    present = {p.relative_to(FOLDER).as_posix() for p in FOLDER.rglob("*") if p.is_file()}
    found += [f"{name} is in no package of {MANIFEST.name}" for name in sorted(present - listed)]
    return found


def fetch(name: str, version: str) -> bytes:
    """The archive that npm serves for one version of a package."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            ["npm", "pack", f"{name}@{version}", "--silent"],
            cwd=folder,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        return next(Path(folder).glob("*.tgz")).read_bytes()


def pinned(package: dict) -> tarfile.TarFile:
    """A pinned package, opened; ValueError when npm serves something else under its name."""
    data = fetch(package["name"], package["version"])
    if sha256(data) != package["archive"]:
        raise ValueError(f"{package['name']} {package['version']} is not the archive we pinned")
    return opened(data)


def opened(data: bytes) -> tarfile.TarFile:
    """The archive in `data`."""
    return tarfile.open(fileobj=io.BytesIO(data))


def member(archive: tarfile.TarFile, name: str) -> bytes:
    """The content of one file of an npm archive, whose names start with `package/`."""
    file = archive.extractfile(f"package/{name}")
    if file is None:
        raise ValueError(f"{name} is not a file of the package")
    return file.read()


def refresh() -> None:
    """Write every file again from the pinned packages."""
    for package in packages():
        archive = pinned(package)
        for file in package["files"]:
            if "from" in file:
                (FOLDER / file["path"]).write_bytes(member(archive, file["from"]))


def move(name: str, version: str) -> None:
    """Take another version of one package and record its checksums in the manifest."""
    package = next(p for p in packages() if p["name"] == name)
    data = fetch(name, version)
    archive = opened(data)
    changes = {package["archive"]: sha256(data)}
    for file in package["files"]:
        if "from" in file:
            content = member(archive, file["from"])
            (FOLDER / file["path"]).write_bytes(content)
            changes[file["sha256"]] = sha256(content)
    before, mark, after = MANIFEST.read_text("utf-8").partition(f'name = "{name}"')
    after = after.replace(f'version = "{package["version"]}"', f'version = "{version}"', 1)
    text = before + mark + after
    for old, new in changes.items():
        text = text.replace(old, new)
    MANIFEST.write_text(text, "utf-8")


def main() -> int:
    """Run the command line; 1 when a file is not what was recorded."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("action", choices=["check", "refresh", "move"], nargs="?", default="check")
    parser.add_argument("name", nargs="?")
    parser.add_argument("version", nargs="?")
    given = parser.parse_args()
    if given.action == "move":
        if not given.version:
            parser.error("move needs a package and a version")
        move(given.name, given.version)
    elif given.action == "refresh":
        refresh()
    for line in (found := mistakes()):
        print(line, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
