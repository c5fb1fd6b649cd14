#!/usr/bin/env bash
# Makes a tarball of a built nutune that runs where no Swift is installed: what `make install` installs, and Swift's runtime
# beside the program. The runtime stays a set of shared libraries, because a library of plugins that nutune loads has to
# find the one that the program uses. Everything else comes from Debian; the packages stand in DEPENDS of the tarball.
# usage: [COMPRESSION=LEVEL] Packaging/dist.sh PROGRAM FOLDER
# COMPRESSION is the level of gzip, 6 when unset.
set -euo pipefail
[ $# -eq 2 ] || { echo "usage: Packaging/dist.sh PROGRAM FOLDER" >&2; exit 64; }
program=$(realpath "$1")
source=$(realpath "$(dirname "$0")/..")
name=nutune-$("$program" --version)-linux-$(uname -m)
mkdir -p "$2"
folder=$(realpath "$2")
stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT

DESTDIR=$stage "$source/Packaging/install.sh" "$program" "/$name" > /dev/null
root=$stage/$name
library=$root/lib/nutune
mkdir -p "$library"

swift=
debian=()
while read -r soname _ path _; do
  case $path in
    */usr/lib/swift/linux/*) cp -L "$path" "$library/$soname"; swift=$(dirname "$path") ;;
    /*) debian+=("$(realpath "$path")") ;;
    not) echo "dist: found no $soname on this computer; expected all libraries of $program" >&2; exit 66 ;;
  esac
done < <(ldd "$program" | grep '=>')
[ -n "$swift" ] || { echo "dist: found no library of Swift's runtime in $program; expected one that \`make build\` made" >&2; exit 65; }
# Else a Swift of another version, at the same place of another computer, would be taken first.
patchelf --set-rpath '$ORIGIN/../lib/nutune' "$root/bin/nutune"
licence=$(realpath "$swift/../../../share/swift/LICENSE.txt")
if [ -f "$licence" ]; then install -D -m 644 "$licence" "$root/share/doc/nutune/LICENSE.swift"; fi

# The packages of the libraries that the program itself asks for; each brings those that it needs in turn.
needed=$(patchelf --print-needed "$root/bin/nutune")
for path in "${debian[@]}"; do
  soname=$(patchelf --print-soname "$path")
  if grep -qxF "$soname" <<< "$needed"; then
    # dpkg knows some libraries by their former place, outside /usr.
    dpkg-query -S "$path" 2>/dev/null || dpkg-query -S "${path#/usr}"
  fi
done | sed 's/:.*//' | sort -u > "$root/DEPENDS"
# Libraries of Swift's runtime use these; programs that are started: gnuplot for figures.
printf '%s\n' libstdc++6 libgcc-s1 gnuplot-nox fonts-liberation fonts-dejavu-core >> "$root/DEPENDS"
sort -u -o "$root/DEPENDS" "$root/DEPENDS"
cp "$source/Packaging/README.md" "$root/README.md"
tar --sort=name --owner=0 --group=0 --numeric-owner -C "$stage" -I "gzip -${COMPRESSION:-6}" \
  -cf "$folder/$name.tar.gz" "$name"
echo "wrote $folder/$name.tar.gz"
