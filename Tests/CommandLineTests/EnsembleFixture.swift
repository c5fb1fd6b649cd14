import Foundation
import Testing

/// A study of two ensembles small enough for seconds, in a folder of its own, and what its members left.
struct EnsembleFixture {
  let folder: String

  static let study = """
    schema: nutune.study/1
    name: small-ensemble
    experiment: \(CoarseBins.dune)
    channels: [numu]
    truth: {model: toy-sf}
    models:
      neural: {model: neural-sf, network: {hidden: [16, 16]}, training: {steps: 60}}
      narrow: {model: neural-sf, network: {hidden: [12, 12]}, training: {steps: 60}}
    near: {events: 3.0e6}
    far: {events: 6200, sample: asimov}
    oscillation: {model: three-flavor, preset: nufit-6.0-no, fit: [sin2_theta23, dm2_32]}
    fit: {scan_points: 11}
    slices: {energies: []}
    fold: {cell_scale: 6, nodes_w2: 60, nodes_q2: 36, accuracy: 1.0e-2}
    systematics:
      flux: {covariance: dune-like}
      ensemble: {members: 4, vary: [network, flux, statistics], breakdown: 2, scan_points: 21}
      slurm: {members_per_task: 2, time: "10:00", memory: 1G}
    """

  /// Names of all members of ``study``.
  static let members =
    (1...4).map { "all-000\($0)" } + ["network", "flux", "statistics"].flatMap { ["\($0)-0001", "\($0)-0002"] }

  init(_ study: String = Self.study) throws {
    folder = NSTemporaryDirectory() + "nutune-ensemble-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try study.write(toFile: "\(folder)/study.yaml", atomically: true, encoding: .utf8)
  }

  func remove() { try? FileManager.default.removeItem(atPath: folder) }

  /// `nutune ensemble …`, with `$study` and `$out` for the study and a folder of results.
  func ensemble(_ line: String, out: String = "a") throws -> CommandLineRun {
    try CommandLineRun(
      shell: "export NUTUNE_CATALOGS='\(CommandLineRun.root)/catalogs'; study='\(folder)/study.yaml'; "
        + "out='\(folder)/\(out)'; \"$nutune\" ensemble \(line)")
  }

  /// Contents of the members' files by name.
  func members(_ out: String) throws -> [String: Data] {
    let names = try FileManager.default.contentsOfDirectory(atPath: "\(folder)/\(out)/members")
    return Dictionary(
      uniqueKeysWithValues: try names.map {
        ($0.replacing(".json", with: ""), try Data(contentsOf: URL(filePath: "\(folder)/\(out)/members/\($0)")))
      })
  }

  /// `ensemble.json`.
  func results(_ out: String) throws -> [String: Any] {
    let data = try Data(contentsOf: URL(filePath: "\(folder)/\(out)/ensemble.json"))
    return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
  }

  /// How often members were computed, all together: every computation signs the claim.
  func computed(_ out: String) throws -> Int {
    let folder = "\(folder)/\(out)/claims"
    return try FileManager.default.contentsOfDirectory(atPath: folder).map {
      try String(contentsOfFile: "\(folder)/\($0)", encoding: .utf8).split(separator: "\n").count
    }.reduce(0, +)
  }
}
