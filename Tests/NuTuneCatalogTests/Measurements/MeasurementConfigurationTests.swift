import Foundation
import NuTuneCatalog
import NuTuneCore
import Testing

@Suite("Measurements of the catalog")
struct MeasurementConfigurationTests {
  private static let entry = """
    schema: nutune.measurement/1
    name: data
    title: Some data
    channel: numu
    target: CH
    flux: beam
    observables: [lepton_momentum, cos_theta]
    unit: 1e-39 cm2/GeV/nucleon
    file: data.csv
    covariance: matrix.csv
    source: {format: csv}
    """
  private static let table = """
    lepton_momentum_low,lepton_momentum_high,cos_theta_low,cos_theta_high,value,error
    0,1,-1,1,4,0.4
    1,30,-1,1,1,0.1
    """
  private static let matrix = "0.16,0.01\n0.01,0.01\n"

  /// Reads the entry, or gives the sentence of its error.
  private func read(
    _ entry: String = entry, table: String = table, matrix: String = matrix
  ) throws -> (configuration: MeasurementConfiguration?, sentence: String) {
    let folder = NSTemporaryDirectory() + "nutune-measurement-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileManager.default.createDirectory(atPath: folder + "/measurements", withIntermediateDirectories: true)
    for (name, text) in [("data.yaml", entry), ("data.csv", table), ("matrix.csv", matrix)] {
      try text.write(toFile: "\(folder)/measurements/\(name)", atomically: true, encoding: .utf8)
    }
    do {
      let entry = try Catalog(folders: [folder]).entry(.measurements, named: "data")
      return (try MeasurementConfiguration(entry), "no error")
    } catch { return (nil, "\(error)".replacing(folder + "/measurements/", with: "")) }
  }

  @Test("an entry with its table and its covariance")
  func whole() throws {
    let found = try #require(try read().configuration)
    #expect(found.name == "data" && found.flux == "beam")
    #expect(found.reaction == Reaction(species: .numu, target: try Target(named: "CH")))
    #expect(found.measurement.values == [4, 1] && found.measurement.errors == [0.4, 0.1])
    #expect(found.measurement.covariance?.elements == [0.16, 0.01, 0.01, 0.01])
    #expect("\(found.measurement.unit)" == "1e-39 cm2/GeV/nucleon")
    #expect(try found.measurement.summary().hasPrefix("2 bins: lepton_momentum 0 to 30 GeV, cos_theta -1 to 1\n"))
    let bare = try read(Self.entry.replacing("covariance: matrix.csv\n", with: "")).configuration
    #expect(try #require(bare).measurement.covariance == nil)
  }

  @Test("mistakes name their place")
  func mistakes() throws {
    #expect(
      try read(Self.entry.replacing("chann", with: "chan")).sentence.contains(
        "data.yaml:4:1: chanel: found an unknown key"))
    #expect(
      try read(Self.entry.replacing("lepton_momentum, cos", with: "lepton_momentum, lepton_energy, cos")).sentence
        .hasPrefix("data.yaml:7:14: observables: found a list of 3 elements"))
    #expect(
      try read(Self.entry.replacing("GeV/nuc", with: "GeV2/nuc")).sentence
        == "data.yaml:8:7: unit: found the unit “1e-39 cm2/GeV2/nucleon”; expected cm2/GeV/nucleon or a multiple of it, "
        + "1e-39 cm2/GeV/nucleon")
    #expect(try read(table: Self.table.replacing("value", with: "values")).sentence.hasPrefix("data.csv:1:1: header: "))
    #expect(
      try read(table: Self.table.replacing("1,30", with: "31,30")).sentence
        == "data.csv:3:4: lepton_momentum_high: found 30.0 below 31.0; expected low < high")
    #expect(
      try read(table: Self.table.replacing("1,30", with: "0.5,30")).sentence.contains("which overlaps bin 0"))
    #expect(
      try read(matrix: "0.04,0\n0,0.0025\n").sentence.hasPrefix(
        "matrix.csv: covariance: found √C = 0.2 in bin 0 (lepton_momentum 0.0…1.0, cos_theta -1.0…1.0), whose error is "
          + "0.4: the factor 0.5 in every bin, 0.25 in the matrix"))
  }
}
