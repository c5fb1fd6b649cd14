"""Documents whose commands are run: their fenced blocks, and the shell that runs what stands in them."""

import os
import pathlib
import re
import subprocess

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
END = "-- end of command --"
# A package of plugins is built where all packages are (Plugins/packages.sh), without optimization: NuTune is compiled once for
# them. Its library, with those of NuTune, is where it
# would be without that.
SWIFT = """. '%s/Plugins/packages.sh'
swift() {
  local words=() package=. last=
  for word in "$@"; do
    [ "$last" = --package-path ] && package=$word
    last=$word
    case $word in -c | release | --quiet) ;; *) words+=("$word") ;; esac
  done
  local library
  library=lib$(basename "$(realpath "$package")").so
  command swift "${words[@]}" "${packages[@]}" && mkdir -p "$package/.build/debug" \\
    && cp "$built/$library" "$built"/libNuTune*.so "$package/.build/debug/"
}""" % ROOT


class Mistake(Exception):
    """What a document says and what happens are not the same."""


def blocks(text):
    """(line number, kind, title or None, lines) of every fenced block."""
    fence = None
    for number, line in enumerate(text.splitlines(), 1):
        opening = re.fullmatch(r'(```+)(\w*)(?: +title="([^"]+)")?.*', line)
        if fence is None and opening:
            fence, kind, title, start, lines = *opening.groups(), number, []
        elif fence is not None and line == fence:
            yield start, kind, title, lines
            fence = None
        elif fence is not None:
            lines.append(line)
    if fence is not None:
        raise Mistake(f"{start}: found a block without an end")


def write(folder, title, lines):
    """Writes a block with a title where it says."""
    file = folder / title
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")


class Shell:
    """One bash that runs commands one after the other."""

    def __init__(self, folder, path=None):
        """Begins in a folder; `path` is one to look for programs in first."""
        environment = {key: value for key, value in os.environ.items() if not key.startswith("NUTUNE_")}
        if path:
            environment["PATH"] = f"{path}:{environment['PATH']}"
        self.process = subprocess.Popen(
            ["bash", "--norc"], cwd=folder, env=environment, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.processor = 0.0
        self.run(f"TIMEFORMAT=$'\\n{END} %U %S'\n{SWIFT}")

    def run(self, command):
        """Exit code and output of a command; `processor` is the seconds it took on the processor."""
        self.process.stdin.write(f"time {{ {command}\n}} </dev/null; code=$?; echo $code; (exit $code)\n")
        self.process.stdin.flush()
        output = []
        for line in self.process.stdout:
            if line.startswith(END):
                self.processor = sum(float(seconds.replace(",", ".")) for seconds in line.split()[-2:])
                # The line before is ours, or ends a line that the command left open.
                text = "".join(output).removesuffix("\n")
                return int(next(self.process.stdout)), text if not text or text.endswith("\n") else text + "\n"
            output.append(line)
        raise Mistake("the shell ended")

    def close(self):
        """Ends the shell."""
        self.process.stdin.close()
        self.process.wait()
