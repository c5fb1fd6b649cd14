// swift-tools-version: 6.3
import PackageDescription

// The kit is NuTuneCore with numerics and three flavours, in one dynamic library: the plugin has no core of its own.
let kit = Target.Dependency.product(name: "NuTunePluginKit", package: "NuTune")
let testing = Target.Dependency.product(name: "NuTuneTesting", package: "NuTune")

let package = Package(
  name: "SuperScaling",
  products: [.library(name: "SuperScaling", type: .dynamic, targets: ["SuperScaling"])],
  dependencies: [.package(name: "NuTune", path: "../../..")],
  targets: [
    .target(name: "SuperScaling", dependencies: [kit]),
    .testTarget(name: "SuperScalingTests", dependencies: ["SuperScaling", kit, testing]),
  ],
  swiftLanguageModes: [.v6]
)
