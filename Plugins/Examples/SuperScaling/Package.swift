// swift-tools-version: 6.2
import PackageDescription

let core = Target.Dependency.product(name: "NuTuneCore", package: "NuTune")
let testing = Target.Dependency.product(name: "NuTuneTesting", package: "NuTune")
let numerics = Target.Dependency.product(name: "NuTuneNumerics", package: "NuTune")

let package = Package(
  name: "SuperScaling",
  products: [.library(name: "SuperScaling", type: .dynamic, targets: ["SuperScaling"])],
  dependencies: [.package(name: "NuTune", path: "../../..")],
  targets: [
    .target(name: "SuperScaling", dependencies: [core]),
    .testTarget(name: "SuperScalingTests", dependencies: ["SuperScaling", core, numerics, testing]),
  ],
  swiftLanguageModes: [.v6]
)
