// swift-tools-version: 6.2
import PackageDescription

// A package of its own: users of NuTune neither build nor see it.
let package = Package(
  name: "NuTuneBenchmarks",
  dependencies: [.package(name: "NuTune", path: "..")],
  targets: [
    .executableTarget(
      name: "oscillation-benchmark",
      dependencies: [
        .product(name: "NuTuneCore", package: "NuTune"),
        .product(name: "ThreeFlavorOscillations", package: "NuTune"),
      ]),
    .systemLibrary(name: "COpenBLAS", path: "Sources/COpenBLAS"),
    .executableTarget(
      name: "training-benchmark",
      dependencies: [
        "COpenBLAS",
        .product(name: "NuTuneCore", package: "NuTune"),
        .product(name: "NuTuneLearning", package: "NuTune"),
        .product(name: "NuTuneFolding", package: "NuTune"),
      ]),
    .executableTarget(
      name: "fit-benchmark",
      dependencies: [
        .product(name: "NuTuneCore", package: "NuTune"),
        .product(name: "NuTuneStatistics", package: "NuTune"),
        .product(name: "NuTuneAnalysis", package: "NuTune"),
      ]),
  ],
  swiftLanguageModes: [.v6]
)
