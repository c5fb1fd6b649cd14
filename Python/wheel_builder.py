#!/usr/bin/env python3
"""Builds the wheel of the package (a backend after PEP 517 that needs nothing beside Python's own library).

    Python/wheel_builder.py LIBRARY DIST

The wheel holds the Python sources, the shared library of NuTune, the catalogs, and the commit they were built from. It
has no compiled extension, so that one wheel serves every Python 3.10 or newer on Linux x86-64.
"""

from __future__ import annotations

import base64
import hashlib
import os
import pathlib
import re
import subprocess
import sys
import tomllib
import zipfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
TAG = "py3-none-linux_x86_64"
LIBRARY = "libNuTuneC.so"
# A wheel of the same sources has the same bytes.
WHEN = (2020, 1, 1, 0, 0, 0)


def version() -> str:
    """The version of NuTune, from the one place where it stands."""
    text = (ROOT / "Sources/NuTuneFiles/NuTuneVersion.swift").read_text(encoding="utf-8")
    return re.search(r'current = "([^"]+)"', text).group(1)


def commit() -> str:
    """The commit that is checked out, empty outside a checkout."""
    words = ["git", "-C", str(ROOT), "rev-parse", "HEAD"]
    try:
        return subprocess.run(words, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""


def metadata() -> str:
    project = tomllib.loads((HERE / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = [
        "Metadata-Version: 2.1", f"Name: {project['name']}", f"Version: {version()}",
        f"Summary: {project['description']}", f"License: {project['license']}",
        f"Requires-Python: {project['requires-python']}",
    ]
    lines += [f"Requires-Dist: {requirement}" for requirement in project["dependencies"]]
    for extra, requirements in project["optional-dependencies"].items():
        lines.append(f"Provides-Extra: {extra}")
        lines += [f"Requires-Dist: {requirement}; extra == '{extra}'" for requirement in requirements]
    lines += ["Description-Content-Type: text/markdown", "", (HERE / "README.md").read_text(encoding="utf-8")]
    return "\n".join(lines)


def needed(library: pathlib.Path) -> list[str]:
    """Names of the shared libraries that a library needs."""
    text = subprocess.run(["readelf", "-d", str(library)], capture_output=True, text=True, check=True).stdout
    return re.findall(r"\(NEEDED\).*\[(.+?)\]", text)


def checked(library: pathlib.Path) -> pathlib.Path:
    """Ends with a sentence unless the library is there and needs no Swift runtime beside it."""
    if not library.is_file():
        sys.exit(f"wheel_builder.py: found no {library}; expected the shared library, which `make python` builds")
    swift = [name for name in needed(library) if re.match(r"libswift|libFoundation|lib_Foundation|libdispatch", name)]
    if swift:
        sys.exit(f"wheel_builder.py: {library} needs {', '.join(swift)}; expected one with the Swift runtime in it")
    return library


def contents(library: pathlib.Path) -> dict[str, bytes]:
    files = {f"nutune/{path.name}": path.read_bytes() for path in sorted((HERE / "nutune").glob("*.py"))}
    files["nutune/py.typed"] = b""
    files["nutune/commit"] = (commit() + "\n").encode()
    files[f"nutune/{LIBRARY}"] = library.read_bytes()
    for path in sorted((ROOT / "catalogs").rglob("*")):
        if path.is_file():
            files[f"nutune/{path.relative_to(ROOT)}"] = path.read_bytes()
    information = f"nutune-{version()}.dist-info"
    files[f"{information}/LICENSE"] = (ROOT / "LICENSE").read_bytes()
    files[f"{information}/METADATA"] = metadata().encode()
    files[f"{information}/WHEEL"] = (
        f"Wheel-Version: 1.0\nGenerator: nutune\nRoot-Is-Purelib: false\nTag: {TAG}\n".encode())
    record = ""
    for name, content in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
        record += f"{name},sha256={digest},{len(content)}\n"
    files[f"{information}/RECORD"] = (record + f"{information}/RECORD,,\n").encode()
    return files


def write(library: pathlib.Path, folder: pathlib.Path) -> str:
    """Writes the wheel and returns its name."""
    name = f"nutune-{version()}-{TAG}.whl"
    folder.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(folder / name, "w", zipfile.ZIP_DEFLATED) as wheel:
        for path, content in contents(checked(library)).items():
            entry = zipfile.ZipInfo(path, WHEN)
            entry.external_attr = (0o755 if path.endswith(".so") else 0o644) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            wheel.writestr(entry, content)
    return name


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    """What pip calls; `NUTUNE_LIBRARY` names the library, the one that `make python` builds when it is not set."""
    built = ROOT / ".build/python" / LIBRARY
    return write(pathlib.Path(os.environ.get("NUTUNE_LIBRARY", built)), pathlib.Path(wheel_directory))


def build_sdist(sdist_directory, config_settings=None):
    raise NotImplementedError("NuTune has no source distribution: its library is built by `make python` in a checkout")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    print(pathlib.Path(sys.argv[2]) / write(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])))
