#!/usr/bin/env bash
# Installs nutune and uses what was installed: the program from another folder, completions, manual pages; then a tarball of
# `make dist` in a root of its own, where patchelf is and this user may.
# usage: Tests/Install/test.sh [NUTUNE]
set -euo pipefail
source=$(realpath "$(dirname "$0")/../..")
nutune=$(realpath "${1:-$source/.build/release/nutune}")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
unset NUTUNE_CATALOGS
fail() { echo "install: $1" >&2; exit 1; }

# The prefix has a blank in its name, and files of an older version in it.
prefix="$folder/a place"
mkdir -p "$prefix/share/nutune/catalogs/studies" "$folder/elsewhere"
touch "$prefix/share/nutune/catalogs/studies/old.yaml"
"$source/Packaging/install.sh" "$nutune" "$prefix" > /dev/null
cd "$folder/elsewhere"
installed=$prefix/bin/nutune
[ -e "$prefix/share/nutune/catalogs/studies/old.yaml" ] && fail "an entry of an older version stays behind"
"$installed" check dune-closure > "$folder/check" || fail "the catalogs are not found from another folder"
grep -q "^$prefix/share/nutune/catalogs/studies/dune-closure.yaml: ok" "$folder/check" || fail "$(cat "$folder/check")"
mkdir -p catalogs/studies
cp "$prefix/share/nutune/catalogs/studies/dune-closure.yaml" catalogs/studies/
"$installed" check dune-closure | grep -q "^$folder/elsewhere/catalogs" || fail "catalogs here do not come first"

# Completions: bash offers the commands and their options; zsh and fish, where they are there, complete a command.
bash -n "$prefix/share/bash-completion/completions/nutune"
offered() {
  bash -c '. "$1/share/bash-completion/completions/nutune"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
    COMP_LINE="$*"; COMP_POINT=${#COMP_LINE}; _nutune nutune "${!#}" "${COMP_WORDS[-2]}"; printf "%s\n" "${COMPREPLY[@]}"' bash "$prefix" "$@"
}
expect() {
  local expected=$1
  shift
  [ "$(offered "$@")" = "$expected" ] || fail "bash completes “$*” as “$(offered "$@")”; expected “$expected”"
}
expect check nutune che
expect --resume nutune run --res
expect --binning nutune import events --bin
touch study.yaml
expect study.yaml nutune run stu
if command -v zsh > /dev/null; then
  zsh -n "$prefix/share/zsh/site-functions/_nutune"
  found=$(timeout 60 zsh -f "$source/Tests/Install/complete.zsh" "$prefix" "ru")
  [ "$found" = run ] || fail "zsh completes “nutune ru” as “nutune $found”; expected “nutune run”"
fi
if command -v fish > /dev/null; then
  fish -n "$prefix/share/fish/vendor_completions.d/nutune.fish"
  found=$(HOME=$folder XDG_DATA_DIRS=$prefix/share PATH=$prefix/bin:$PATH fish -c 'complete -C "nutune ru"' | cut -f 1)
  [ "$found" = run ] || fail "fish completes “nutune ru” as “nutune $found”; expected “nutune run”"
fi

# Manual pages: a page for each command, whose roff has no mistakes, and which man shows.
for command in $("$nutune" --help | sed -n '/^SUBCOMMANDS/,$s/^  \([a-z][a-z-]*\)  .*/\1/p'); do
  [ -s "$prefix/share/man/man1/nutune-$command.1" ] || fail "no manual page of nutune $command"
done
if command -v groff > /dev/null; then
  for page in "$prefix"/share/man/man1/*.1; do
    wrong=$(groff -man -Tutf8 -Kutf8 -ww "$page" 2>&1 > /dev/null)
    [ -z "$wrong" ] || fail "$wrong"
  done
fi
if command -v man > /dev/null; then
  MANWIDTH=120 MANPAGER=cat man -M "$prefix/share/man" nutune-events > "$folder/page"
  grep -q -- '--events N' "$folder/page" || fail "man does not show the options of nutune events"
fi

# DESTDIR stands in front of the prefix, as makers of packages need it.
DESTDIR=$folder/stage "$source/Packaging/install.sh" "$nutune" /usr > /dev/null
[ -x "$folder/stage/usr/bin/nutune" ] || fail "DESTDIR is not heeded"
code=0
"$source/Packaging/install.sh" "$nutune" relative 2> /dev/null || code=$?
[ "$code" -eq 64 ] || fail "a relative prefix ends with $code; expected 64"

if command -v patchelf > /dev/null; then
  # Nobody keeps this tarball.
  COMPRESSION=1 "$source/Packaging/dist.sh" "$nutune" "$folder/dist" > /dev/null
  "$source/Tests/Install/bare.sh" "$folder"/dist/nutune-*.tar.gz "$folder/root" || [ $? -eq 77 ]
else
  echo "install: no tarball is made, patchelf is not there"
fi
echo "install: ok"
