import Foundation
import Testing

/// A folder of its own with a catalog of a flux and measurements, and studies of them.
struct MeasuredFolder: ~Copyable {
  let path = NSTemporaryDirectory() + "nutune-measured-\(UUID().uuidString)"

  /// Its catalogs, and those of the project.
  var catalogs: String { "\(path)/catalogs:\(CommandLineRun.root)/catalogs" }

  /// A catalog with the flux `beam`.
  ///
  /// - Parameter beam: rows of low edge, high edge in GeV and neutrinos/cm²/GeV per proton, in an arbitrary unit: it divides out.
  init(beam: String) throws {
    for kind in ["fluxes", "measurements"] {
      try FileManager.default.createDirectory(atPath: "\(path)/catalogs/\(kind)", withIntermediateDirectories: true)
    }
    try write(
      "catalogs/fluxes/beam.yaml", "schema: nutune.flux/1\ntitle: A beam\nmodel: tabulated-flux\nfile: beam.csv")
    try write("catalogs/fluxes/beam.csv", "E_low_GeV,E_high_GeV,numu_per_cm2_per_GeV_per_POT\n\(beam)")
  }

  /// A beam of 0.4 to 3 GeV and two measurements of ragged bins, `rag` and `held`; values are those of toy-sf within a few per
  /// cent.
  static func ragged() throws -> MeasuredFolder {
    let folder = try MeasuredFolder(beam: "0.4,0.8,2\n0.8,1.4,3\n1.4,2,1.5\n2,3,0.5")
    for (name, value) in [("rag", 1.0), ("held", 1.1)] {
      try folder.write(
        "catalogs/measurements/\(name).yaml",
        """
        schema: nutune.measurement/1
        title: Ragged bins
        channel: numu
        target: C12
        flux: beam
        observables: [lepton_momentum, cos_theta]
        unit: 1e-38 cm2/GeV/nucleon
        file: \(name).csv
        """)
      try folder.write(
        "catalogs/measurements/\(name).csv",
        """
        lepton_momentum_low,lepton_momentum_high,cos_theta_low,cos_theta_high,value,error
        0.1,0.5,-1,0.4,\(0.19 * value),0.02
        0.5,2.5,-1,0.4,\(0.03 * value),0.004
        0.1,0.6,0.4,0.8,\(0.45 * value),0.05
        0.6,1.2,0.4,0.8,\(0.5 * value),0.05
        1.2,2.5,0.4,0.8,\(0.04 * value),0.006
        0.1,1,0.8,1,\(0.5 * value),0.05
        1,2.5,0.8,1,\(0.35 * value),0.04
        """)
    }
    return folder
  }

  func write(_ name: String, _ text: String) throws {
    try (text + "\n").write(toFile: "\(path)/\(name)", atomically: true, encoding: .utf8)
  }

  /// Gives measurements a covariance whose diagonal is that of the errors in their tables: a flux that is a fraction of every
  /// value, and what is left.
  func addFlux(of fraction: Double, to names: [String] = ["rag"]) throws {
    for name in names {
      let table = try String(contentsOfFile: "\(path)/catalogs/measurements/\(name).csv", encoding: .utf8)
      let variances = table.split(separator: "\n").dropFirst().map { row in
        let numbers = row.split(separator: ",").suffix(2).compactMap { Double($0) }
        return numbers[1] * numbers[1] - fraction * fraction * numbers[0] * numbers[0]
      }
      let rows = variances.indices.map { row in
        variances.indices.map { $0 == row ? "\(variances[row])" : "0" }.joined(separator: ",")
      }
      try write("catalogs/measurements/\(name)-statistical.csv", rows.joined(separator: "\n"))
      let entry = "catalogs/measurements/\(name).yaml"
      let parts = "[{kind: statistical, file: \(name)-statistical.csv}, {kind: flux, fraction: \(fraction)}]"
      try write(entry, try String(contentsOfFile: "\(path)/\(entry)", encoding: .utf8) + "covariances: \(parts)")
    }
  }

  func study(_ data: String, _ more: String = "") throws -> String {
    try write(
      "study.yaml",
      """
      schema: nutune.study/1
      name: measured
      data: \(data)
      models:
        toy: {model: toy-sf}
        neural: {model: neural-sf, training.steps: 60, training.pretraining_steps: 40}
      fold: {cell_scale: 4, nodes_w2: 50, nodes_q2: 30}
      \(more)
      """)
    return "\(path)/study.yaml"
  }

  func results() throws -> [String: Any] { try json("results.json") }

  /// A file of the run in the folder `out`.
  func json(_ file: String) throws -> [String: Any] {
    let data = try Data(contentsOf: URL(filePath: "\(path)/out/\(file)"))
    return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}
