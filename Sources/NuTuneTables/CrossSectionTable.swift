import NuTuneCore

/// A table of d²σ/(dE_l dcosθ) as in a file: four columns of one length, and the labels of the file.
///
/// CSV: comment lines `# key: value`, a header `energy,lepton_energy,cos_theta,d2sigma`, one point a line. HDF5: four
/// one-dimensional datasets of these names with an attribute `unit` each, and the labels as attributes of the file.
package struct CrossSectionTable: Sendable, Equatable {
  /// Names of the columns.
  package static let columns = ["energy", "lepton_energy", "cos_theta", "d2sigma"]
  /// The unit of d²σ here and in every table that NuTune writes.
  package static let unit = "1e-38 cm2/GeV/nucleon"
  /// The units of the columns.
  package static let columnUnits = ["GeV", "GeV", "1", unit]

  /// Largest number of points of a table in HDF5 or of a generated table: four columns of them take 640 MB.
  package static let mostPoints = 20_000_000

  /// Labels of the file: unit, model, channel, target, ….
  package var labels: [String: String]
  /// E_ν in GeV, shape [points].
  package var energy: [Double] = []
  /// E_l in GeV, shape [points].
  package var leptonEnergy: [Double] = []
  /// cosθ, shape [points].
  package var cosTheta: [Double] = []
  /// d²σ/(dE_l dcosθ) in ``unit``, unless ``labels`` say otherwise; shape [points].
  package var values: [Double] = []
  /// Path of the file from which the table was read.
  package var file = ""
  /// Lines of the points in a CSV file, empty for HDF5; shape [points].
  var lines: [Int32] = []

  /// Creates an empty table.
  package init(labels: [String: String] = [:]) {
    self.labels = labels
  }

  /// Number of points.
  package var count: Int { values.count }

  /// Adds a point.
  package mutating func append(energy: Double, leptonEnergy: Double, cosTheta: Double, value: Double) {
    self.energy.append(energy)
    self.leptonEnergy.append(leptonEnergy)
    self.cosTheta.append(cosTheta)
    values.append(value)
  }

  /// Position of a point in the file: its line in a CSV file.
  package func location(of point: Int) -> SourceLocation {
    lines.indices.contains(point) ? SourceLocation(file: file, line: Int(lines[point])) : SourceLocation(file: file)
  }

  /// Name of a point for an error, if no line identifies it.
  package func name(of point: Int) -> String { lines.isEmpty ? " (row \(point) of the datasets)" : "" }

  /// Reads a CSV or, by its first bytes, an HDF5 file.
  package init(file: String) throws {
    let bytes = try Self.bytes(of: file)
    if bytes.starts(with: Self.signature) {
      try self.init(hdf5: file)
    } else {
      try self.init(csv: bytes, file: file)
    }
  }

  /// The first bytes of every HDF5 file.
  private static let signature: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]
}
