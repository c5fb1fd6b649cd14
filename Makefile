# NuTune's front door: `make demo` and `make test`. Everything else is listed by `make help`.

SWIFT  ?= swift
SWIFTC ?= $(SWIFT)c
BUILD  := $(SWIFT) build -c release
# With the flags of a plain build, so that a test after a build, or a build after a test, compiles nothing again.
SAME   := --disable-testable-imports
NUTUNE := .build/release/nutune
# The page of the talk; of runs that are missing it says how they are made.
TELL   := $(NUTUNE) present catalogs/stories/talk.yaml --runs runs/talk --out runs/talk/talk.html
STUDY  ?= catalogs/studies/dune-closure.yaml
OUT    ?= runs/$(basename $(notdir $(STUDY)))
# To commands as variables of the environment, which may hold blanks and quotation marks.
export STUDY OUT
SUDO   := $(shell [ "$$(id -u)" = 0 ] || echo sudo)

# What NuTune is made of beside Swift: GSL on OpenBLAS, libmd (SHA-256), HDF5, gnuplot with a font for its figures.
DEBIAN := libgsl-dev libopenblas-dev libmd-dev libhdf5-dev gnuplot-nox fonts-liberation fonts-dejavu-core $(EXTRA)

.PHONY: help deps build demo talk talk-systematics measured-tables real-data install dist install-test test test-long plugin-test plugin-packages plugin-examples guides readme python python-test slurm-test fuzz resume bench docs api-docs lint format clean

help: ## Lists the targets.
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

deps: ## Installs the Debian packages NuTune needs.
	@missing=$$(dpkg-query -W -f='$${Package} $${Status}\n' $(DEBIAN) 2>/dev/null | grep -c 'install ok installed'); \
	if [ "$$missing" -ne $(words $(DEBIAN)) ]; then \
	  $(SUDO) apt-get update -q && $(SUDO) env DEBIAN_FRONTEND=noninteractive apt-get install -yq --no-install-recommends $(DEBIAN); \
	fi
	@command -v $(SWIFT) >/dev/null || { echo "swift not found: install Swift 6.3 or newer from https://swift.org/install" >&2; exit 66; }

build: deps ## Builds nutune (release).
	$(BUILD) --product nutune

demo: build ## Runs the main job, the DUNE closure study, and says where its report is.
	$(NUTUNE) run "$$STUDY" --out "$$OUT" --resume
	@echo "Open $$OUT/report.html in a browser."

# Twenty minutes on two cores for the runs of catalogs/studies/talk, eight more for dune-four-channels and what is asked of it.
talk: build ## Runs the studies of the talk and lays out what they give in the order of its slides.
	@for study in catalogs/studies/talk/*.yaml catalogs/studies/dune-four-channels.yaml; do \
	  $(NUTUNE) run "$$study" --out "runs/talk/$$(basename "$$study" .yaml)" --resume || [ $$? -eq 2 ] || exit 1; \
	done
	@for question in octant cp; do \
	  $(NUTUNE) sensitivity dune-four-channels --of $$question --out runs/talk/dune-four-channels || [ $$? -eq 2 ] || exit 1; \
	done
	$(TELL)

# Five ensembles, of 44 members each but for the last, and a run: a quarter of an hour on two cores.
talk-systematics: build ## Adds the ensembles and the smeared run behind the talk's slides on systematics.
	$(NUTUNE) run catalogs/studies/systematics/smearing.yaml --out runs/talk/smearing --resume || [ $$? -eq 2 ]
	@for name in systematics/statistics-30m systematics/statistics-3m systematics/flux-shape systematics/seeds dune-ensemble; do \
	  $(NUTUNE) ensemble run "catalogs/studies/$$name.yaml" --out "runs/talk/$$(basename "$$name")" || [ $$? -eq 2 ] || exit 1; \
	done
	$(TELL)

measured-tables:
	@test -n "$$NUTUNE_DATA" || { echo "real-data: NUTUNE_DATA is not set; put the published tables into a folder measurements, as the entries in catalogs/measurements name them with the addresses of their releases, and set NUTUNE_DATA to the folder above it" >&2; exit 66; }

# Measured tables are not shipped; entries in catalogs/measurements say where each is published.
real-data: measured-tables build ## Learns from published measurements, predicts those held out, and lays out the board (NUTUNE_DATA).
	$(NUTUNE) board $(filter-out %/calibration.yaml,$(wildcard catalogs/studies/real-data/*.yaml)) --out runs/real-data || [ $$? -eq 2 ]
	@echo "Open runs/real-data/board.html in a browser."

# DESTDIR stands in front of all paths, as makers of packages use it.
PREFIX ?= /usr/local
DIST   ?= .build-dist
export DESTDIR

install: DEBIAN += python3
install: build ## Installs program, catalogs, completions and manual pages (PREFIX, /usr/local by default).
	Packaging/install.sh $(NUTUNE) "$(PREFIX)"

dist: DEBIAN += python3 patchelf
dist: build ## Makes a tarball that runs where no Swift is installed (DIST, the folder for it).
	Packaging/dist.sh $(NUTUNE) "$(DIST)"

install-test: DEBIAN += python3 patchelf man-db groff
install-test: build ## Installs into a temporary folder, and uses what was installed.
	Tests/Install/test.sh $(NUTUNE)

test: deps ## Builds and runs all tests.
	$(SWIFT) test -c release $(SAME)

test-long: deps ## Builds and runs all tests, long trainings and sweeps over many cases included: half an hour on two cores.
	NUTUNE_LONG_TESTS=1 $(SWIFT) test -c release $(SAME)

plugin-packages: deps ## Compiles NuTune for packages of plugins, and those that need no built nutune.
	SWIFT="$(SWIFT)" Plugins/build.sh

plugin-examples: build ## Builds, tests, checks and runs the example plugins.
	SWIFT="$(SWIFT)" Plugins/Examples/test.sh $(NUTUNE)

guides: DEBIAN += python3
guides: build ## Does what the tutorials say and compares what they show; looks for broken links between pages.
	docs/links.py
	docs/guides/run.py --nutune $(NUTUNE)

readme: DEBIAN += python3 python3-numpy
readme: build ## Runs every command of README.md and of the how-to pages that go on from it.
	docs/guides/readme.py --nutune $(NUTUNE)

# The objects of the build beside it, linked with the Swift runtime inside; only the functions of nutune.h are visible.
FOUNDATION := --start-group -lFoundation -lFoundationInternationalization -lFoundationEssentials -l_FoundationICU \
  -l_FoundationCShims -l_FoundationCollections -lCoreFoundation --end-group
python: DEBIAN += python3 binutils
python: deps ## Builds the Python package, dist/nutune-…-py3-none-linux_x86_64.whl.
	$(BUILD) --product NuTuneC
	mkdir -p .build/python
	$(SWIFTC) -emit-library -static-stdlib -o .build/python/libNuTuneC.so \
	  @.build/release/NuTuneC.product/Objects.LinkFileList -L/usr/lib/$$(uname -m)-linux-gnu/hdf5/serial -lgsl -lopenblas -lmd -lhdf5 \
	  $(FOUNDATION:%=-Xlinker %) -Xlinker -z -Xlinker defs \
	  -Xlinker --version-script=$(CURDIR)/Python/exports.map -Xlinker --strip-debug
	strip --strip-unneeded .build/python/libNuTuneC.so
	Python/wheel_builder.py .build/python/libNuTuneC.so dist

# Tests say what they skip where one of these is left out. The command line is what the package is compared with.
PYTHON_PACKAGES ?= pytest hist iminuit emcee matplotlib mplhep uproot hepdata-validator
python-test: DEBIAN += python3-venv
python-test: python build ## Installs the Python package into a new environment and runs its tests there.
	rm -rf .venv-python
	python3 -m venv .venv-python
	.venv-python/bin/pip install --quiet --no-compile dist/nutune-*.whl $(PYTHON_PACKAGES)
	cd Python/tests && ../../.venv-python/bin/python -m pytest -rs

slurm-test: deps ## Runs the tests of job arrays on a real Slurm that it starts and stops.
	SWIFT="$(SWIFT)" Tests/Slurm/test.sh

plugin-test: deps ## Builds good and bad plugin packages and tests how nutune loads them.
	SWIFT="$(SWIFT)" Tests/PluginLoading/test.sh

fuzz: DEBIAN += python3
fuzz: build ## Runs nutune on thousands of broken inputs (CASES, SEED).
	Tests/Fuzz/fuzz.py --nutune $(NUTUNE) --cases $(or $(CASES),5000) --seed $(or $(SEED),1)

resume: DEBIAN += python3
resume: build ## Changes every value of a study and holds a resumed run against one from the start (VALUES for some of them).
	Tests/Resume/resume.py --nutune $(NUTUNE) $(if $(VALUES),--values $(VALUES))

bench: ## Measures speed against what one would use instead; downloads its peers (several GB), needs a quiet machine.
	@$(MAKE) --no-print-directory deps DEBIAN="$(DEBIAN) python3-venv"
	Benchmarks/run.sh

docs: build ## Writes the reference pages and the JSON Schema from the declarations.
	docs/generate.sh $(NUTUNE)

api-docs: DEBIAN += python3
api-docs: build ## Documents the library products; fails on a public symbol without docstring and on warnings of DocC.
	docs/api.sh

lint: ## Checks the format of all sources, that each type lives in a file of its name, and the length of functions.
	$(SWIFT) format lint --parallel --strict --recursive Package.swift Sources Plugins Tests Benchmarks/Package.swift Benchmarks/Sources
	Tests/layout.sh

format: ## Formats all sources in place.
	$(SWIFT) format -i --recursive Package.swift Sources Plugins Tests Benchmarks/Package.swift Benchmarks/Sources

clean: ## Removes build products (not runs).
	rm -rf .build .build-plugins .venv-python dist Benchmarks/.build Benchmarks/.venv-peers
