#!/usr/bin/env bash
# Runs what a tarball of `make dist` holds where there is nothing else: in a root with the files of the Debian packages that
# its DEPENDS lists, and of those that these depend on.
# usage: Tests/Install/bare.sh TARBALL ROOT
# 77 where this user may not change the root, or this system has no dpkg.
set -euo pipefail
tarball=$(realpath "$1")
root=$2
skip() { echo "bare: not run, $1"; exit 77; }
command -v dpkg-query > /dev/null || skip "no dpkg here"
own=(--mount)
[ "$(id -u)" = 0 ] || own=(--mount --map-root-user)
unshare "${own[@]}" mount --rbind /proc /proc 2> /dev/null || skip "this user may not change the root"
mkdir -p "$root"
tar -xzf "$tarball" -C "$root"
program=$(cd "$root" && echo nutune-*)

# Names of the packages that are installed here and that the given ones depend on, one level down.
below() {
  dpkg-query -W -f='${Pre-Depends}, ${Depends}\n' "$@" 2> /dev/null | tr ',|' '\n\n' | sed 's/(.*//; s/:.*//; s/ //g' |
    sort -u | while read -r name; do [ -z "$name" ] || dpkg-query -W -f='${Package}\n' "$name" 2> /dev/null || true; done
}
# Figures are not made here, so that gnuplot and its fonts are left out.
packages=$(grep -vE 'gnuplot|fonts' "$root/$program/DEPENDS")
known=
while [ "$packages" != "$known" ]; do
  known=$packages
  packages=$(printf '%s\n' $known $(below $known) | sort -u)
done
for name in $packages; do
  dpkg-query -L "$name" | while read -r file; do
    case $file in
      /lib/* | /lib64/* | /usr/lib/*) ;;
      *) continue ;;
    esac
    [ -f "$file" ] || continue
    mkdir -p "$root$(dirname "$file")"
    cp -L "$file" "$root$file"
  done
done
# Links that installation scripts made, of the loader's cache and of alternatives: BLAS and LAPACK.
for file in /lib64/ld-linux-* /usr/lib/*/lib{openblas,blas,lapack}.so.*; do
  [ -e "$file" ] || continue
  mkdir -p "$root$(dirname "$file")"
  cp -L "$file" "$root$file"
done
mkdir -p "$root/proc" "$root/tmp"
# $ORIGIN, by which the loader finds the runtime beside the program, needs /proc.
within() { unshare "${own[@]}" sh -c 'mount --rbind /proc "$0/proc" && exec chroot "$0" "$@"' "$root" "$@"; }
nutune=/$program/bin/nutune
within "$nutune" --version > /dev/null
within "$nutune" check dune-closure > /dev/null
within "$nutune" cross-section toy-sf --channel numu --target Ar40 --energy 2 | grep -q '^2.0,'
echo "bare: runs with $(wc -w <<< "$packages") packages of Debian"
