// swift-tools-version: 6.2
import PackageDescription

// The target graph is the architecture: dependencies point one way,
//   Numerics <- Core <- {Folding, Learning}, Numerics <- Statistics,
//   {Folding, Statistics} <- Analysis <- Catalog <- {Import, Runs} <- nutune, Tables <- Import,
//   Core <- Files <- Results <- {Analysis, Report} <- nutune,
//   {Runs, Report, Tables} <- Export <- nutune, {Catalog, Runs, Report} <- NuTuneC, the C interface, whose header is CNuTune.
// Plugins see Core, Folding, Learning and Tables and nobody sees them but the list of built-in ones. Of the house, Learning
// sees Core and Numerics only, Statistics nothing but Numerics and the kernels in C, Tables (files of cross sections,
// probabilities and events) nothing but Core.

let yams = Target.Dependency.product(name: "Yams", package: "Yams")

/// A built-in plugin: one folder, one target, nothing an outside package could not use.
func plugin(_ name: String, _ kind: String, uses extra: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: ["NuTuneCore"] + extra, path: "Plugins/\(kind)/\(name)")
}

func pluginTests(_ name: String, _ kind: String, uses extra: [Target.Dependency] = []) -> Target {
  .testTarget(
    name: "\(name)Tests", dependencies: [.byName(name: name), "NuTuneCore"] + extra,
    path: "Tests/Plugins/\(kind)/\(name)Tests")
}

let package = Package(
  name: "NuTune",
  products: [
    .executable(name: "nutune", targets: ["nutune"]),
    // Dynamic, so that a plugin has no core of its own: see docs/decisions/0012.
    .library(name: "NuTuneCore", type: .dynamic, targets: ["NuTuneCore", "NuTunePluginABI"]),
    // The same for a plugin that learns, folds, or builds on three flavours, in place of NuTuneCore.
    .library(
      name: "NuTunePluginKit", type: .dynamic,
      targets: [
        "NuTuneCore", "NuTunePluginABI", "NuTuneNumerics", "NuTuneFolding", "NuTuneLearning", "ThreeFlavorOscillations",
      ]),
    .library(name: "NuTuneFolding", targets: ["NuTuneFolding"]),
    .library(name: "NuTuneLearning", targets: ["NuTuneLearning"]),
    .library(name: "NuTuneStatistics", targets: ["NuTuneStatistics"]),
    .library(name: "NuTuneAnalysis", targets: ["NuTuneAnalysis", "NuTuneResults", "BuiltInPlugins"]),
    .library(name: "NuTuneTesting", targets: ["NuTuneTesting"]),
    .library(name: "ThreeFlavorOscillations", targets: ["ThreeFlavorOscillations"]),
    // What other languages call; `make python` links it with the Swift runtime in it.
    .library(name: "NuTuneC", type: .dynamic, targets: ["NuTuneC"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    // System libraries and the few inner loops in C.
    .systemLibrary(name: "CGSL", path: "Sources/CGSL"),
    .systemLibrary(name: "CDigest", path: "Sources/CDigest"),
    .systemLibrary(name: "CHDF5", path: "Sources/CHDF5", pkgConfig: "hdf5-serial", providers: [.apt(["libhdf5-dev"])]),
    .target(name: "CKernels", path: "Sources/CKernels"),
    .target(name: "CHDF5Reader", dependencies: ["CHDF5"], path: "Sources/CHDF5Reader"),

    // The house.
    .target(name: "NuTuneNumerics", dependencies: ["CGSL"]),
    .target(name: "NuTuneCore", dependencies: ["NuTuneNumerics"]),
    .target(name: "NuTuneFolding", dependencies: ["NuTuneCore", "NuTuneNumerics", "CKernels"]),
    .target(name: "NuTuneLearning", dependencies: ["NuTuneCore", "NuTuneNumerics", "CKernels"]),
    .target(name: "NuTuneStatistics", dependencies: ["NuTuneNumerics", "CKernels"]),
    .target(name: "NuTuneTables", dependencies: ["NuTuneCore", "CHDF5", "CHDF5Reader"]),
    .target(name: "NuTuneFiles", dependencies: ["NuTuneCore", "CDigest"]),
    .target(name: "NuTuneResults", dependencies: ["NuTuneCore", "NuTuneFiles"]),
    .target(
      name: "NuTuneAnalysis",
      dependencies: [
        "NuTuneCore", "NuTuneNumerics", "NuTuneFolding", "NuTuneStatistics", "NuTuneFiles", "NuTuneResults", "CKernels",
      ]),
    .target(
      name: "NuTuneCatalog",
      dependencies: [
        "NuTuneCore", "NuTuneNumerics", "NuTuneStatistics", "NuTuneFiles", "NuTuneResults", "NuTuneAnalysis", yams,
      ]),
    .target(
      name: "NuTuneRuns",
      dependencies: [
        "NuTuneCore", "NuTuneNumerics", "NuTuneFolding", "NuTuneStatistics", "NuTuneFiles", "NuTuneResults",
        "NuTuneAnalysis", "NuTuneCatalog",
      ]),
    .target(
      name: "NuTuneImport",
      dependencies: ["NuTuneCore", "NuTuneNumerics", "NuTuneFiles", "NuTuneCatalog", "NuTuneTables"],
      resources: [.embedInCode("Files/read_root.py"), .embedInCode("Events/read_events.py")]),
    .target(name: "NuTuneReport", dependencies: ["NuTuneCore", "NuTuneNumerics", "NuTuneFiles", "NuTuneResults"]),
    .target(
      name: "NuTuneExport",
      dependencies: [
        "NuTuneCore", "NuTuneNumerics", "NuTuneFolding", "NuTuneTables", "NuTuneFiles", "NuTuneResults",
        "NuTuneCatalog", "NuTuneRuns", "NuTuneReport",
      ],
      resources: [.embedInCode("Root/write_root.py")]),

    // Plugins that are loaded at run time: the tag that both sides compile in, and the loader.
    .target(name: "NuTunePluginABI"),
    .target(name: "NuTuneTesting", dependencies: ["NuTuneCore", "NuTuneFolding", "NuTuneNumerics"]),
    .target(
      name: "NuTunePlugins",
      dependencies: ["NuTuneCore", "NuTunePluginABI", "NuTuneFiles", "NuTuneCatalog", "NuTuneTesting"]),

    // Built-in plugins, found through the registry by name.
    plugin("ToyStructureFunctions", "CrossSections", uses: ["NuTuneNumerics"]),
    plugin(
      "NeuralStructureFunctions", "CrossSections", uses: ["NuTuneLearning", "NuTuneFolding", "NuTuneNumerics"]),
    plugin("GaussianProcessStructureFunctions", "CrossSections", uses: ["NuTuneFolding", "NuTuneNumerics"]),
    plugin("FittedTheory", "CrossSections", uses: ["NuTuneNumerics"]),
    plugin("NormalizingFlow", "CrossSections", uses: ["NuTuneLearning", "NuTuneNumerics"]),
    plugin("ResonanceStructureFunctions", "CrossSections", uses: ["ToyStructureFunctions", "NuTuneNumerics"]),
    plugin("TabulatedCrossSection", "CrossSections", uses: ["NuTuneTables"]),
    plugin("TabulatedFlux", "Fluxes"),
    plugin("IdealDetector", "Detectors"),
    plugin("Smearing", "Detectors", uses: ["NuTuneNumerics"]),
    plugin("ResponseMatrix", "Detectors"),
    plugin("Calorimeter", "Detectors", uses: ["NuTuneNumerics"]),
    plugin("ThreeFlavorOscillations", "Oscillations", uses: ["CKernels"]),
    plugin("NoOscillation", "Oscillations"),
    .target(
      name: "BuiltInPlugins",
      dependencies: [
        "NuTuneCore", "ToyStructureFunctions", "ResonanceStructureFunctions", "NeuralStructureFunctions",
        "GaussianProcessStructureFunctions", "FittedTheory", "NormalizingFlow", "TabulatedCrossSection",
        "TabulatedFlux", "IdealDetector", "Smearing", "ResponseMatrix", "Calorimeter", "ThreeFlavorOscillations",
        "NoOscillation",
      ], path: "Plugins/BuiltInPlugins"),

    // The library for other languages: a C header, and its functions in Swift.
    .target(name: "CNuTune"),
    .target(
      name: "NuTuneC",
      dependencies: [
        "CNuTune", "NuTuneCore", "NuTuneNumerics", "NuTuneFolding", "NuTuneStatistics", "NuTuneFiles", "NuTuneResults",
        "NuTuneAnalysis", "NuTuneCatalog", "NuTuneRuns", "NuTuneReport", "BuiltInPlugins",
      ]),

    .executableTarget(
      name: "nutune",
      dependencies: [
        "NuTuneCore", "NuTuneNumerics", "NuTuneFiles", "NuTuneResults", "NuTuneAnalysis", "NuTuneCatalog", "NuTuneRuns",
        "NuTuneReport", "NuTuneExport", "NuTuneImport", "NuTuneFolding", "NuTuneTables",
        "NuTunePlugins",
        "NuTuneTesting", "BuiltInPlugins",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      // A library of plugins has to find the core of the program that loads it, lest it use a second one of its own.
      linkerSettings: [.unsafeFlags(["-Xlinker", "-export-dynamic"])]),

    // Tests mirror Sources and Plugins.
    .target(
      name: "TestSupport",
      dependencies: ["NuTuneCore", "NuTuneFolding", "NuTuneNumerics", "ToyStructureFunctions"],
      path: "Tests/TestSupport"),
    .testTarget(name: "NuTuneNumericsTests", dependencies: ["NuTuneNumerics"]),
    .testTarget(name: "NuTuneCoreTests", dependencies: ["NuTuneCore", "NuTuneNumerics", "TestSupport"]),
    .testTarget(
      name: "NuTuneFoldingTests",
      dependencies: [
        "NuTuneFolding", "NuTuneCore", "NuTuneNumerics", "CKernels", "BuiltInPlugins", "ToyStructureFunctions",
        "TabulatedFlux", "Smearing", "Calorimeter", "ThreeFlavorOscillations", "TestSupport",
      ]),
    .testTarget(name: "NuTuneLearningTests", dependencies: ["NuTuneLearning", "NuTuneCore", "CKernels"]),
    .testTarget(name: "NuTuneStatisticsTests", dependencies: ["NuTuneStatistics", "NuTuneNumerics", "CKernels"]),
    .testTarget(name: "NuTuneFilesTests", dependencies: ["NuTuneFiles", "NuTuneCore"]),
    .testTarget(name: "NuTuneResultsTests", dependencies: ["NuTuneResults", "NuTuneFiles", "NuTuneCore"]),
    .testTarget(
      name: "NuTuneAnalysisTests",
      dependencies: [
        "NuTuneAnalysis", "NuTuneResults", "NuTuneStatistics", "NuTuneFolding", "NuTuneCore", "NuTuneNumerics",
        "ThreeFlavorOscillations", "IdealDetector", "Smearing", "Calorimeter", "ToyStructureFunctions",
        "TabulatedFlux", "BuiltInPlugins", "GaussianProcessStructureFunctions", "NeuralStructureFunctions",
        "TestSupport",
      ]),
    .testTarget(
      name: "NuTuneCatalogTests",
      dependencies: [
        "NuTuneCatalog", "NuTuneFiles", "NuTuneResults", "NuTuneCore", "NuTuneNumerics", "TestSupport",
        "NeuralStructureFunctions", "GaussianProcessStructureFunctions", "ToyStructureFunctions", "Smearing",
      ]),
    .testTarget(
      name: "NuTuneRunsTests",
      dependencies: ["NuTuneRuns", "NuTuneCatalog", "NuTuneFiles", "NuTuneResults", "NuTuneCore", "NuTuneNumerics"]),
    .testTarget(
      name: "NuTuneImportTests",
      dependencies: [
        "NuTuneImport", "NuTuneFiles", "NuTuneCatalog", "NuTuneCore", "NuTuneNumerics", "NuTuneFolding", "NuTuneTables",
        "ToyStructureFunctions", "BuiltInPlugins",
      ]),
    .testTarget(
      name: "NuTuneReportTests",
      dependencies: ["NuTuneReport", "NuTuneFiles", "NuTuneResults", "NuTuneCatalog", "NuTuneCore"]),
    .testTarget(
      name: "NuTuneExportTests",
      dependencies: [
        "NuTuneExport", "NuTuneImport", "NuTuneTables", "NuTuneReport", "NuTuneRuns", "NuTuneCatalog", "NuTuneFiles",
        "NuTuneResults", "NuTuneFolding", "NuTuneCore", "NuTuneNumerics", "BuiltInPlugins", "ToyStructureFunctions",
        "TabulatedCrossSection",
      ]),
    .testTarget(
      name: "NuTuneTestingTests",
      dependencies: [
        "NuTuneTesting", "BuiltInPlugins", "ToyStructureFunctions", "NuTuneTables", "NuTuneCore", "NuTuneNumerics",
      ]),
    .testTarget(
      name: "NuTuneCTests",
      dependencies: [
        "CNuTune", "NuTuneC", "NuTuneAnalysis", "NuTuneCatalog", "NuTuneResults", "NuTuneCore", "BuiltInPlugins",
        "ThreeFlavorOscillations",
      ]),
    .testTarget(
      name: "CommandLineTests",
      dependencies: [
        "nutune", "NuTuneFiles", "NuTuneResults", "NuTuneCatalog", "NuTuneRuns", "NuTuneCore", "NuTuneNumerics",
        "GaussianProcessStructureFunctions", "TestSupport",
      ]),
    pluginTests("ToyStructureFunctions", "CrossSections", uses: ["NuTuneFolding", "NuTuneNumerics"]),
    pluginTests(
      "NeuralStructureFunctions", "CrossSections",
      uses: ["NuTuneNumerics", "TestSupport"]),
    pluginTests(
      "GaussianProcessStructureFunctions", "CrossSections",
      uses: ["NeuralStructureFunctions", "NuTuneNumerics", "TestSupport"]),
    pluginTests(
      "FittedTheory", "CrossSections",
      uses: ["ToyStructureFunctions", "ResonanceStructureFunctions", "NuTuneNumerics", "TestSupport"]),
    pluginTests(
      "NormalizingFlow", "CrossSections", uses: ["ToyStructureFunctions", "NuTuneFolding", "NuTuneNumerics"]),
    pluginTests(
      "ResonanceStructureFunctions", "CrossSections",
      uses: ["ToyStructureFunctions", "TabulatedFlux", "NuTuneFolding", "NuTuneNumerics", "TestSupport"]),
    pluginTests(
      "TabulatedCrossSection", "CrossSections",
      uses: ["NuTuneTables", "CHDF5", "ToyStructureFunctions", "NuTuneFolding", "NuTuneNumerics", "TestSupport"]),
    pluginTests("TabulatedFlux", "Fluxes", uses: ["NuTuneNumerics"]),
    pluginTests("IdealDetector", "Detectors"),
    pluginTests("Smearing", "Detectors", uses: ["NuTuneNumerics"]),
    pluginTests("ResponseMatrix", "Detectors"),
    pluginTests("Calorimeter", "Detectors", uses: ["Smearing", "NuTuneNumerics"]),
    pluginTests("ThreeFlavorOscillations", "Oscillations"),
    pluginTests("NoOscillation", "Oscillations"),
  ],
  swiftLanguageModes: [.v6]
)

// What is compiled with less optimization, because it computes nothing for long: docs/decisions/0032. None of these targets is
// a part of a library that other Swift packages build. Events are read in the import, and some tests integrate for themselves.
let arranging = [
  "NuTuneCatalog", "NuTuneRuns", "NuTuneExport", "NuTuneReport", "NuTunePlugins", "nutune",
]
let reading = ["NuTuneImport"]
let integrating = ["NuTuneFoldingTests", "NuTuneLearningTests", "SmearingTests"]
for target in package.targets {
  let flag: String? =
    if reading.contains(target.name) || integrating.contains(target.name) {
      "-disable-cmo"
    } else if target.type == .test || arranging.contains(target.name) { "-Onone" } else { nil }
  if let flag { target.swiftSettings = [.unsafeFlags([flag], .when(configuration: .release))] }
}
