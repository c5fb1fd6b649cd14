// swift-tools-version: 6.3
import PackageDescription

// The kit is NuTuneCore with numerics and three flavours, in one dynamic library: the plugin has no core of its own.
let kit = Target.Dependency.product(name: "NuTunePluginKit", package: "NuTune")
let testing = Target.Dependency.product(name: "NuTuneTesting", package: "NuTune")

let package = Package(
  name: "TwoHornBeam",
  products: [.library(name: "TwoHornBeam", type: .dynamic, targets: ["TwoHornBeam"])],
  dependencies: [.package(name: "NuTune", path: "../../..")],
  targets: [
    .target(name: "TwoHornBeam", dependencies: [kit]),
    .testTarget(name: "TwoHornBeamTests", dependencies: ["TwoHornBeam", kit, testing]),
  ],
  swiftLanguageModes: [.v6]
)
