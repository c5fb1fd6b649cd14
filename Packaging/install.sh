#!/usr/bin/env bash
# Installs a built nutune: program, catalogs, completions for bash, zsh and fish, manual pages. Needs no network.
# usage: [DESTDIR=STAGE] Packaging/install.sh PROGRAM PREFIX
# DESTDIR stands in front of all paths, as makers of packages use it.
set -euo pipefail
[ $# -eq 2 ] || { echo "usage: Packaging/install.sh PROGRAM PREFIX" >&2; exit 64; }
program=$(realpath "$1")
case $2 in
  /*) ;;
  *) echo "install: found PREFIX “$2”; expected an absolute path, /usr/local for instance" >&2; exit 64 ;;
esac
prefix=${DESTDIR:-}$2
source=$(realpath "$(dirname "$0")/..")
share=$prefix/share

install -D -m 755 "$program" "$prefix/bin/nutune"

# Entries that this version does not have any more must not stay behind.
rm -rf "$share/nutune/catalogs"
mkdir -p "$share/nutune"
cp -R "$source/catalogs" "$share/nutune/catalogs"
chmod -R u=rwX,go=rX "$share/nutune"

completion() {
  mkdir -p "$(dirname "$2")"
  "$program" --generate-completion-script "$1" > "$2"
}
completion bash "$share/bash-completion/completions/nutune"
completion zsh "$share/zsh/site-functions/_nutune"
completion fish "$share/fish/vendor_completions.d/nutune.fish"

mkdir -p "$share/man/man1"
rm -f "$share/man/man1/nutune.1" "$share/man/man1/nutune-"*.1
"$program" --experimental-dump-help | python3 "$source/Packaging/manual.py" "$share/man/man1" "$("$program" --version)"

install -D -m 644 "$source/LICENSE" "$share/doc/nutune/LICENSE"
install -m 644 "$source/CITATION.cff" "$source/CHANGELOG.md" "$share/doc/nutune/"
echo "installed $("$program" --version) in $prefix"
