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
    _ entry: String = entry, table: String = table, matrix: String = matrix, others: [String: String] = [:]
  ) throws -> (configuration: MeasurementConfiguration?, sentence: String) {
    let folder = NSTemporaryDirectory() + "nutune-measurement-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileManager.default.createDirectory(atPath: folder + "/measurements", withIntermediateDirectories: true)
    for (name, text) in [("data.yaml", entry), ("data.csv", table), ("matrix.csv", matrix)] + others.map({ ($0, $1) }) {
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
      try read(Self.entry.replacing("lepton_momentum, cos", with: "lepton_momentum, lepton_energy, theta, cos"))
        .sentence.hasPrefix("data.yaml:7:14: observables: found a list of 4 elements"))
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

  private static func entry(_ more: String) -> String {
    entry.replacing("covariance: matrix.csv", with: more)
  }

  @Test("parts of a covariance add up, or are parts of the whole")
  func parts() throws {
    // 10 % in common: 0.01·(16, 4; 4, 1) of values 4 and 1; the rest is without correlation.
    let list = """
      covariances:
        - {kind: statistical, file: stat.csv}
        - {kind: norm, fraction: 0.05}
        - {kind: flux, file: flux.csv, relative: true}
      """
    let files = ["stat.csv": "0.08,0\n0,0.005\n", "flux.csv": "0.0025,0.0025\n0.0025,0.0025\n"]
    let found = try #require(try read(Self.entry(list), others: files).configuration)
    let whole = try #require(found.measurement.covariance)
    for (element, expected) in zip(whole.elements, [0.16, 0.02, 0.02, 0.01]) {
      #expect(abs(element - expected) < 1e-12)
    }
    #expect(found.components.map(\.kind) == [.statistical, .norm, .flux] && found.files.count == 3)
    let inside = try #require(
      try read(Self.entry("covariance: matrix.csv\ncovariances: [{kind: norm, fraction: 0.05}]")).configuration)
    #expect(inside.measurement.covariance?.elements == [0.16, 0.01, 0.01, 0.01])
    #expect(abs(inside.components[0].matrix[0, 1] - 0.01) < 1e-12)
    func sentence(_ text: String) throws -> String { try read(Self.entry(text), others: files).sentence }
    #expect(
      try sentence("covariance: matrix.csv\ncovariances: [{kind: norm, fraction: 0.2}]").contains(
        "parts that are larger than the covariance"))
    #expect(
      try sentence("covariances: [{kind: nrom, fraction: 0.2}]").contains("expected one of statistical, flux, norm"))
    #expect(
      try sentence("covariances: [{kind: norm}]").contains("found neither file nor fraction; expected one of the two"))
    #expect(try sentence("covariances: [{kind: norm, fraction: 10 %}]").contains("as 0.1 for 10 %"))
    #expect(try sentence("covariances: 3").contains("expected a list of {kind: flux, file: flux.csv}"))
  }

  @Test("a prediction is smeared, in the unit of values or as contents of the bins")
  func smearing() throws {
    let files = ["a.csv": "0.9,0.2\n-0.1,1.1\n"]
    let densities = try #require(
      try read(Self.entry("covariance: matrix.csv\nsmearing: a.csv"), others: files).configuration)
    #expect(densities.smearing?.elements == [0.9, 0.2, -0.1, 1.1])
    let contents = try #require(
      try read(Self.entry("covariance: matrix.csv\nsmearing: {file: a.csv, of: contents}"), others: files)
        .configuration)
    // Areas 2 and 58.
    for (element, expected) in zip(try #require(contents.smearing).elements, [0.9, 0.2 * 29, -0.1 / 29, 1.1]) {
      #expect(abs(element - expected) < 1e-12)
    }
    // The smeared prediction is the data: every χ² is zero, and its own is not.
    let prediction = [(1.1 * 4 - 0.2 * 1) / 1.01, (0.1 * 4 + 0.9 * 1) / 1.01]
    let agreement = try densities.agreement(with: prediction)
    #expect(agreement.comparisons.allSatisfy { abs($0.chiSquare ?? 1) < 1e-20 } && abs(agreement.ratio - 1) < 1e-12)
    let bare = try #require(try read(Self.entry("covariance: matrix.csv")).configuration)
    #expect(try #require(bare.agreement(with: prediction)[.plain]) > 0.1)
    #expect(
      try read(Self.entry("smearing: {file: a.csv, of: bins}"), others: files).sentence.contains("values or contents"))
  }

  @Test("a singular covariance loads and says its rank")
  func singular() throws {
    // The same relative error in both bins, fully correlated.
    let found = try #require(try read(matrix: "0.16,0.04\n0.04,0.01\n").configuration)
    let agreement = try found.agreement(with: [4.4, 1.1])
    #expect(agreement.comparisons[0].rank == 1)
    #expect(abs(try #require(agreement[.plain]) - 1) < 1e-9)
    #expect(abs(try #require(agreement[.normShape]) - 1) < 1e-9)
  }

  @Test("columns, composition and cut of a published table")
  func published() throws {
    let table = "n,e,xs,c0,c1,T0,T1\n0,0.4,4,0.8,1,0,1\n1,0.1,1,-1,0.8,0,1\n"
    let text = Self.entry(
      """
      columns: {value: xs, error: e, cos_theta_low: c0, cos_theta_high: c1, lepton_kinetic_energy_low: T0, \
      lepton_kinetic_energy_high: T1}
      composition: {C12: 12/13, H1: 1/13}
      largest_angle: 36 deg
      """
    ).replacing("lepton_momentum", with: "lepton_kinetic_energy")
    let found = try #require(try read(text, table: table).configuration)
    let mass = NeutrinoSpecies.numu.leptonMass
    #expect(found.measurement.bins[0].first == mass...(1 + mass) && found.measurement.bins[0].second == 0.8...1)
    #expect(found.measurement.values == [4, 1] && found.measurement.errors == [0.4, 0.1])
    // cos⁻¹ 0.8 is 36.9°, where the other bin begins.
    #expect(found.coveredBins == [0] && found.cutBins == [0] && found.largestAngle == 36)
    #expect(abs(try #require(found.composition)[0].share - 12.0 / 13) < 1e-12)
    func sentence(_ old: String, _ new: String) throws -> String {
      try read(text.replacing(old, with: new), table: table).sentence
    }
    #expect(try sentence("value: xs", "value: xz").contains("found no column “xz”; expected one of n, e, xs"))
    #expect(try sentence("value: xs", "valu: xs").contains("did you mean “value”"))
    #expect(try sentence("H1: 1/13", "H1: 2/13").contains("shares that add up to 1.07"))
    #expect(try sentence("H1: 1/13", "H1: much").contains("expected a share of the nucleons, 12/13 or 0.923"))
    #expect(try sentence("36 deg", "400 deg").contains("largest_angle"))
  }
}
