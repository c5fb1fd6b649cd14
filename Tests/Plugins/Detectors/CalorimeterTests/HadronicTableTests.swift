import Calorimeter
import Foundation
import NuTuneCore
import Testing

@Suite("calorimeter with a table")
struct HadronicTableTests {
  private static let header = "energy_transfer,hadronic_energy_low,hadronic_energy_high,probability\n"
  private static let table = """
    # made by hand
    0,0,0.5,1
    0,0.5,1,0
    0,1,2,0
    2,0,0.5,0.2
    2,0.5,1,0.3
    2,1,2,0.4

    """

  private func detector(_ rows: String, _ changes: [String: ParameterValue] = [:]) throws -> CalorimeterDetector {
    let folder = FileManager.default.temporaryDirectory.appending(path: "hadrons-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try Data((Self.header + rows).utf8).write(to: folder.appending(path: "table.csv"))
    let values = CalorimeterDetector.descriptor.parameters.defaults().setting(["table": .text("table.csv")])
    return try CalorimeterDetector(
      PluginConfiguration(parameters: values.setting(changes), directory: folder.path))
  }

  @Test("linear between energy transfers, constant beyond, bins of the table added up")
  func interpolation() throws {
    let response = try detector(Self.table).hadronicResponse(for: Axis(.hadronicEnergy, edges: [0, 0.5, 3]))
    let found = try response.probabilities(at: [-1, 0, 0.5, 2, 7])
    let expected = [[1, 1, 0.8, 0.2, 0.2], [0, 0, 0.175, 0.7, 0.7]]
    for (one, other) in zip(found.joined(), expected.joined()) { #expect(abs(one - other) < 1e-15) }
    #expect(try detector(Self.table).hadronicParameters.isEmpty)
  }

  @Test(
    "one mistake, one sentence",
    arguments: [
      ("0,0,0.5,1.2\n", "sum to 1.2"), ("0,0,0.5,-0.1\n", "that is not negative"),
      ("0,0,0.5,1\n0,0.6,1,0\n", "bins of one ω that rise"), ("1,0,1,1\n0,0,1,1\n", "energy transfers that rise"),
      ("0,0,1,1\n1,0,2,1\n", "those of ω = 0.0"), ("", "rows of probabilities"), ("0,0,1\n", "as in the header"),
    ])
  func mistakes(_ rows: String, _ sentence: String) throws {
    let error = try #require(throws: NuTuneError.self) { try detector(rows) }
    #expect("\(error)".contains(sentence), "\(error)")
  }

  @Test("bins that a table would have to divide, and numbers beside it, are refused")
  func refused() throws {
    let error = try #require(throws: NuTuneError.self) {
      try detector(Self.table).hadronicResponse(for: Axis(.hadronicEnergy, edges: [0, 0.7, 2]))
    }
    #expect(error.found.hasPrefix("no edge at 0.7 GeV"))
    let both = try #require(throws: NuTuneError.self) { try detector(Self.table, ["noise": .number(0.2)]) }
    #expect(both.key == "noise" && both.found == "noise beside a table")
  }
}
