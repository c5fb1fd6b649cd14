// swift-tools-version: 6.3
import PackageDescription

// The kit is NuTuneCore with numerics and three flavours, in one dynamic library: the plugin has no core of its own.
let kit = Target.Dependency.product(name: "NuTunePluginKit", package: "NuTune")
// Tests are a program like nutune: the parts of NuTune that they use are linked in, and the plugin finds them there.
let testing = Target.Dependency.product(name: "NuTuneTesting", package: "NuTune")
let threeFlavor = Target.Dependency.product(name: "ThreeFlavorOscillations", package: "NuTune")

let package = Package(
  name: "NonStandardInteractions",
  products: [.library(name: "NonStandardInteractions", type: .dynamic, targets: ["NonStandardInteractions"])],
  dependencies: [.package(name: "NuTune", path: "../../..")],
  targets: [
    .target(name: "NonStandardInteractions", dependencies: [kit]),
    .testTarget(
      name: "NonStandardInteractionsTests", dependencies: ["NonStandardInteractions", kit, testing, threeFlavor]),
  ],
  swiftLanguageModes: [.v6]
)
