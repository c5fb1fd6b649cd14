import Foundation
import NuTuneCatalog
import NuTuneCore
import NuTuneImport
import NuTuneNumerics
import Testing

/// A folder with a flux in its catalog, where measurements in any layout are imported.
struct MeasurementPlace {
  let folder: TemporaryFolder
  static let unit = "1e-39 cm2/GeV/nucleon"

  init() throws {
    folder = try TemporaryFolder()
    let path = try folder.file("flux.csv", "a,b,c\n0,30,3e-9\n")
    try folder.write(
      try fluxImport([try ColumnTable(commaSeparated: path)], columns: ["low,high,numu"])
        .draft(try description("beam")))
  }

  /// What an import makes of tables in (p, cosθ).
  func draft(
    _ tables: [ColumnTable], columns: String, _ change: (inout MeasurementImport.Options) throws -> Void = { _ in }
  ) throws -> EntryDraft {
    var options = MeasurementImport.Options()
    (options.columns, options.energy, options.channel, options.target) = ([columns], "GeV", "numu", "CH")
    (options.flux, options.unit, options.covarianceUnit) = ("beam", Self.unit, [Self.unit])
    try change(&options)
    options.hasNoCovariance = options.covariance.isEmpty
    var interview = Interview(ask: nil)
    let measurement = try MeasurementImport(
      tables, options, catalog: Catalog(folders: [folder.catalog]), &interview)
    try interview.finish()
    return try #require(measurement).draft(try description("data"), python: RootPython.found)
  }

  /// The measurement as it is read back.
  func measurement(
    _ tables: [ColumnTable], columns: String, _ change: (inout MeasurementImport.Options) throws -> Void = { _ in }
  ) throws -> CrossSectionMeasurement {
    try folder.write(try draft(tables, columns: columns, change))
    let catalog = Catalog(folders: [folder.catalog])
    return try MeasurementConfiguration(try catalog.entry(.measurements, named: "data")).measurement
  }

  /// Two bins in cosθ and two in p.
  static let bins = "-1 0 0.2 0.6 2.0\n-1 0 0.6 1.0 3.0\n0 1 0.2 0.6 4.0\n0 1 0.6 1.0 5.0\n"
  static let columns = "cos_theta.low,cos_theta.high,lepton_momentum.low,lepton_momentum.high,value"

  /// The four bins with covariances in files of these texts.
  func small(
    _ covariances: String..., change: (inout MeasurementImport.Options) throws -> Void = { _ in }
  ) throws -> CrossSectionMeasurement {
    let table = try ColumnTable(blankSeparated: try folder.file("m.txt", Self.bins), skip: 0)
    return try measurement([table], columns: Self.columns) { options in
      options.covariance = try covariances.enumerated().map { try folder.file("c\($0).txt", $1) }
      try change(&options)
    }
  }

  /// The first matrix, and one to add to it.
  static let statistical = "0.04 0.01 0 0\n0.01 0.09 0 0\n0 0 0.16 0.02\n0 0 0.02 0.25\n"
  static let systematic =
    "0.01 0.01 0.01 0.01\n0.01 0.02 0.01 0.01\n0.01 0.01 0.03 0.01\n0.01 0.01 0.01 0.04\n"
  static let matrix = [0.04, 0.01, 0, 0, 0.01, 0.09, 0, 0, 0, 0, 0.16, 0.02, 0, 0, 0.02, 0.25]
}

/// A symmetric matrix of which no two elements are alike: 0.01 (i + 1) on the diagonal, small beside it.
func distinctCovariance(_ size: Int) -> [[Double]] {
  var rows: [[Double]] = []
  for i in 0..<size {
    var row: [Double] = []
    for j in 0..<size {
      let place = min(i, j) * size + max(i, j) + 1
      row.append(i == j ? 0.01 * Double(i + 1) : 1e-9 * Double(place))
    }
    rows.append(row)
  }
  return rows
}

/// Rows as lines with blanks.
func lines(_ rows: [[Double]]) -> String {
  rows.map { row in row.map { "\($0)" }.joined(separator: " ") + "\n" }.joined()
}
