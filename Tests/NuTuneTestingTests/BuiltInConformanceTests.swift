import BuiltInPlugins
import Foundation
import NuTuneCore
import NuTuneTables
import NuTuneTesting
import Testing
import ToyStructureFunctions

@Suite("Built-in plugins keep the promises of their protocols")
struct BuiltInConformanceTests {
  /// What a plugin needs to be examined: values without a default, and schedules short enough for a test.
  private static func parameters(of name: String, in folder: String) throws -> [String: ParameterValue] {
    func file(_ name: String, _ text: String) throws -> ParameterValue {
      try Data(text.utf8).write(to: URL(filePath: folder).appending(path: name))
      return .text(name)
    }
    switch name {
    case "tabulated-flux":
      return [
        "file": try file(
          "flux.csv",
          """
          E_low_GeV,E_high_GeV,numu_per_cm2_per_GeV_per_POT,nue_per_cm2_per_GeV_per_POT
          0,0.5,1e-10,1e-12
          0.5,1,4e-10,2e-12
          1,2,6e-10,3e-12
          2,4,1e-10,0

          """)
      ]
    case "response-matrix":
      let rows = (0..<12).flatMap { bin in ["\(bin),\(bin),0.9"] + (bin > 0 ? ["\(bin),\(bin - 1),0.05"] : []) }
      return ["file": try file("response.csv", "measured,true,probability\n" + rows.joined(separator: "\n") + "\n")]
    case "tabulated":
      let table = try CrossSectionTable(
        of: ConstantStructureFunctions(0.3), reaction: Reaction(species: .numu, target: try Target(named: "Ar40")),
        energies: (0...18).map { 0.3 + 0.25 * Double($0) }, leptons: 14, cosines: 12)
      return ["file": try file("table.csv", table.csv)]
    case "neural-sf":
      return ["training.steps": .integer(60), "network.hidden": .numbers([16, 16]), "training.window": .integer(20)]
    // The data of the test are no theory's: few events and narrow priors leave the parameters inside of their ranges.
    case "fitted-theory":
      return [
        "free": .texts(["quasi_elastic.axial_mass ± 0.02", "dis.scale ± 0.02", "dis.suppression ± 0.02"]),
        "noise.infinite_events": .number(1e3),
      ]
    case "normalizing-flow": return ["training.steps": .integer(10), "training.window": .integer(5)]
    default: return [:]
    }
  }

  @Test("every one of them", arguments: try BuiltInConformanceTests.names())
  func conforms(_ name: String) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "nutune-conformance-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let registry = try BuiltInPlugins.registry()
    let types = PluginKind.allCases.flatMap { registry.types(of: $0) }
    let type = try #require(types.first { $0.descriptor.name == name })
    let report = Conformance.report(
      on: type, parameters: try Self.parameters(of: name, in: folder.path),
      components: name == "fitted-theory" ? ["theory": ToyStructureFunctions.self] : [:],
      directory: folder.path)
    #expect(report.conforms, "\(report)")
    // Nothing that matters was left out.
    #expect(report.checks.contains { $0.name == "runs in a study" && $0.outcome == .passed }, "\(report)")
  }

  static func names() throws -> [String] {
    let registry = try BuiltInPlugins.registry()
    return PluginKind.allCases.flatMap { registry.descriptors(of: $0).map(\.name) }
  }
}
