// swift-tools-version: 6.2
import PackageDescription

let core = Target.Dependency.product(name: "NuTuneCore", package: "NuTune")
let testing = Target.Dependency.product(name: "NuTuneTesting", package: "NuTune")
let threeFlavor = Target.Dependency.product(name: "ThreeFlavorOscillations", package: "NuTune")

let package = Package(
  name: "NonStandardInteractions",
  products: [.library(name: "NonStandardInteractions", type: .dynamic, targets: ["NonStandardInteractions"])],
  dependencies: [.package(name: "NuTune", path: "../../..")],
  targets: [
    .target(name: "NonStandardInteractions", dependencies: [core, threeFlavor]),
    .testTarget(
      name: "NonStandardInteractionsTests", dependencies: ["NonStandardInteractions", core, threeFlavor, testing]),
  ],
  swiftLanguageModes: [.v6]
)
