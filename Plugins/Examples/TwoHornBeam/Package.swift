// swift-tools-version: 6.2
import PackageDescription

let core = Target.Dependency.product(name: "NuTuneCore", package: "NuTune")
let testing = Target.Dependency.product(name: "NuTuneTesting", package: "NuTune")
let numerics = Target.Dependency.product(name: "NuTuneNumerics", package: "NuTune")

let package = Package(
  name: "TwoHornBeam",
  products: [.library(name: "TwoHornBeam", type: .dynamic, targets: ["TwoHornBeam"])],
  dependencies: [.package(name: "NuTune", path: "../../..")],
  targets: [
    .target(name: "TwoHornBeam", dependencies: [core, numerics]),
    .testTarget(name: "TwoHornBeamTests", dependencies: ["TwoHornBeam", core, numerics, testing]),
  ],
  swiftLanguageModes: [.v6]
)
