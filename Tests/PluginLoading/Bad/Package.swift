// swift-tools-version: 6.3
import PackageDescription

/// Libraries of plugins that nutune has to refuse, each with one sentence and without being taken along. Those that are
/// refused by `nutune plugin check` alone can be loaded. UsesKit is right, beside SecondCore, which is not.
let names = [
  "Unresolved",
  "RegistersNothing",
  "TakesName",
  "SameNameTwice",
  "WrongKind",
  "CrashesInRegister",
  "SegfaultsInRegister",
  "ExitsInRegister",
  "HangsInRegister",
  "CrashesInCheck",
  "HangsInCheck",
  "ReturnsNaN",
  "IsNegative",
  "WrongCount",
  "BatchDependent",
  "IgnoresRange",
  "ForgetsState",
  "LeaksOutside",
  "MakesEvents",
  "MovesAtSource",
]
/// Libraries with an entry of their own, which say or do not say what they were compiled for.
let entries = ["NoEntry", "NoTag", "WrongTag"]

func nutune(_ product: String) -> Target.Dependency { .product(name: product, package: "NuTune") }

let core = nutune("NuTuneCore")

let package = Package(
  name: "Bad",
  products: (names + entries + ["SecondCore", "UsesKit"]).map { .library(name: $0, type: .dynamic, targets: [$0]) },
  dependencies: [.package(name: "NuTune", path: "../../..")],
  targets: [.target(name: "Sound", dependencies: [core])]
    + names.map { .target(name: $0, dependencies: ["Sound", core]) }
    + entries.map { .target(name: $0, dependencies: [core]) }
    + [
      .target(name: "SecondCore", dependencies: [core, nutune("NuTuneFolding")]),
      .target(name: "UsesKit", dependencies: [nutune("NuTunePluginKit")]),
    ],
  swiftLanguageModes: [.v6]
)
