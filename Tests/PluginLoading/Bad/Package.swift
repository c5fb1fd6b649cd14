// swift-tools-version: 6.2
import PackageDescription

/// Libraries of plugins that nutune has to refuse, each with one sentence and without being taken along. Those that are
/// refused by `nutune plugin check` alone can be loaded.
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

let core = Target.Dependency.product(name: "NuTuneCore", package: "NuTune")

let package = Package(
  name: "Bad",
  products: (names + entries + ["SecondCore"]).map { .library(name: $0, type: .dynamic, targets: [$0]) },
  dependencies: [.package(name: "NuTune", path: "../../..")],
  targets: [.target(name: "Sound", dependencies: [core])]
    + names.map { .target(name: $0, dependencies: ["Sound", core]) }
    + entries.map { .target(name: $0, dependencies: [core]) }
    + [.target(name: "SecondCore", dependencies: [core, .product(name: "NuTuneFolding", package: "NuTune")])],
  swiftLanguageModes: [.v6]
)
