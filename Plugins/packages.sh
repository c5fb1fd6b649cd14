# How packages of plugins are built when they are tested; to be sourced from bash. `packages` are the options of SwiftPM, `built`
# is where the libraries are. One folder serves all packages, so that NuTune is compiled for them once; the plan of a build is
# not kept in it, or SwiftPM would take the one of the package before and run its tests again.
scratch=$(realpath "$(dirname "${BASH_SOURCE[0]}")/..")/.build-plugins/build
packages=(--scratch-path "$scratch" --disable-build-manifest-caching -debug-info-format none --quiet)
built=$scratch/debug
