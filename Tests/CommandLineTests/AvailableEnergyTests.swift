import Foundation
import Testing

/// Measurements in (q₃, available energy) and in (p_T, p_∥, available energy), from a YAML file and tables alone: compared with
/// models through a calorimeter that says what is available, smeared, with a covariance that has no inverse.
@Suite struct AvailableEnergyTests {
  private struct Folder: ~Copyable {
    let folder: MeasuredFolder

    init() throws { folder = try MeasuredFolder(beam: "1,2,1\n2,3,2\n3,5,1") }

    var path: String { folder.path }

    func write(_ name: String, _ text: String) throws { try folder.write(name, text) }

    /// A measurement whose rows are all combinations of the edges, with smearing over all bins and the covariance of one norm
    /// of 10 % and one slope: rank two.
    func measurement(
      _ axes: [(name: String, edges: [Double])], unit: String,
      detector: String = "detector: {model: calorimeter, visible: 0.8}",
      values: [Double]? = nil
    ) throws {
      try write(
        "catalogs/measurements/low-recoil.yaml",
        """
        schema: nutune.measurement/1
        title: Low recoil
        channel: numu
        target: C12
        flux: beam
        observables: [\(axes.map(\.name).joined(separator: ", "))]
        unit: \(unit)
        file: bins.csv
        covariance: covariance.csv
        smearing: {file: smearing.csv, of: contents}
        \(detector)
        """)
      var rows: [[Double]] = [[]]
      for axis in axes {
        rows = rows.flatMap { row in zip(axis.edges, axis.edges.dropFirst()).map { row + [$0, $1] } }
      }
      let given = values ?? rows.indices.map { 0.1 + 0.01 * Double($0) }
      let slopes = given.indices.map { 0.1 * given[$0] * Double($0) / Double(given.count) }
      let covariance = given.indices.map { i in
        given.indices.map { 0.01 * given[i] * given[$0] + slopes[i] * slopes[$0] }
      }
      let header = axes.flatMap { ["\($0.name)_low", "\($0.name)_high"] } + ["value", "error"]
      let lines = rows.indices.map { index in
        (rows[index] + [given[index], covariance[index][index].squareRoot()]).map { "\($0)" }.joined(separator: ",")
      }
      try write("catalogs/measurements/bins.csv", ([header.joined(separator: ",")] + lines).joined(separator: "\n"))
      func matrix(_ name: String, _ rows: [[Double]]) throws {
        try write(
          "catalogs/measurements/\(name).csv",
          rows.map { $0.map { "\($0)" }.joined(separator: ",") }.joined(separator: "\n"))
      }
      try matrix("covariance", covariance)
      // A tenth of each bin is found in the next one.
      let bins = given.indices
      try matrix("smearing", bins.map { i in bins.map { i == $0 ? 0.9 : i == ($0 + 1) % given.count ? 0.1 : 0 } })
    }

    func run() throws -> CommandLineRun {
      try write(
        "study.yaml",
        """
        schema: nutune.study/1
        name: available
        data: [low-recoil]
        models: {toy: {model: toy-sf}}
        likelihood: {measured: plain}
        fold: {cell_scale: 4, nodes_w2: 50, nodes_q2: 30, accuracy: 1.0e-2}
        """)
      return try CommandLineRun(
        "run", "\(path)/study.yaml", "--out", "\(path)/out", "--no-report", catalogs: folder.catalogs)
    }

    func near() throws -> [String: Any] {
      let models = try #require(try folder.results()["models"] as? [String: [String: Any]])
      return try #require(models["toy"]?["near"] as? [String: Any])
    }

    /// The sample, with the shares of the model in its bins.
    func sample() throws -> (whole: [String: Any], shares: [Double]) {
      let sample = try #require((try folder.json("predictions.json")["samples"] as? [[String: Any]])?.first)
      return (sample, try #require((sample["models"] as? [String: [Double]])?["toy"]))
    }
  }

  private static let transfers = (name: "momentum_transfer", edges: [0, 0.4, 0.8, 1.2])

  /// (q₃, E_avail): the covariance of rank two counts in two directions, the axis ends at its edges.
  @Test func momentumTransferAndAvailableEnergy() throws {
    let folder = try Folder()
    try folder.measurement(
      [Self.transfers, ("hadronic_energy", [0, 0.1, 0.3, 0.8])], unit: "1e-38 cm2/GeV2/nucleon")
    let run = try folder.run()
    #expect(run.exitCode == 0, "\(run.errors)")
    let near = try folder.near()
    #expect(near["bins"] as? Int == 9)
    let measured = try #require((near["measured"] as? [[String: Any]])?.first)
    #expect(measured["rank"] as? Int == 2)
    let deviance = try #require(near["deviance"] as? Double)
    #expect(deviance.isFinite && deviance > 0)
    let (sample, shares) = try folder.sample()
    let binning = try #require(sample["binning"] as? [String: Any])
    #expect(binning["ends_at_third_edges"] as? Bool == true)
    // At q₃ below 0.4 GeV no energy above 0.3 GeV is available but by the resolution.
    #expect(shares.count == 9 && shares[6...8].reduce(0, +) > 0.05)
    #expect(shares[0] > shares[6])
  }

  /// Of a finer available energy sums are those of the coarse bins, where smearing does not mix.
  @Test func threeObservables() throws {
    var rates: [Double] = []
    for edges in [[0, 0.2, 1.5], [0, 0.1, 0.2, 0.7, 1.5]] {
      let folder = try Folder()
      try folder.measurement(
        [
          ("transverse_momentum", [0, 0.3, 0.8]), ("longitudinal_momentum", [1, 2, 4]), ("hadronic_energy", edges),
        ], unit: "1e-38 cm2/GeV3/nucleon", values: [Double](repeating: 0.1, count: 4 * (edges.count - 1)))
      let run = try folder.run()
      #expect(run.exitCode == 0, "\(run.errors)")
      // The sum of all bins to that of the data, whose volume is the same.
      rates.append(try #require(try folder.near()["measured_ratio"] as? Double))
    }
    #expect(rates[0] > 0 && abs(rates[1] / rates[0] - 1) < 1e-9)
  }

  /// Bins of available energy that differ between bins of q₃: contents in a bin with a wider range are those of the two bins that
  /// it is made of.
  @Test func binsThatDiffer() throws {
    let folder = try Folder()
    try folder.measurement(
      [Self.transfers, ("hadronic_energy", [0, 0.1, 0.3, 0.8])], unit: "1e-38 cm2/GeV2/nucleon",
      values: [Double](repeating: 0.1, count: 9))
    try FileManager.default.removeItem(atPath: "\(folder.path)/catalogs/measurements/smearing.csv")
    let entry = "\(folder.path)/catalogs/measurements/low-recoil.yaml"
    let whole = try String(contentsOfFile: entry, encoding: .utf8)
    let alone = whole.replacing("covariance: covariance.csv", with: "").replacing(
      "smearing: {file: smearing.csv, of: contents}", with: "")
    try folder.write("catalogs/measurements/low-recoil.yaml", alone)
    let fineRun = try folder.run()
    #expect(fineRun.exitCode == 0, "\(fineRun.errors)")
    let fine = try folder.sample().shares
    let table = "\(folder.path)/catalogs/measurements/bins.csv"
    let lines = try String(contentsOfFile: table, encoding: .utf8).split(separator: "\n").map(String.init)
    // The last two bins of the first q₃ are one.
    let first = lines[2].split(separator: ",")
    let merged = "0.0,0.4,0.1,0.8,0.1,\(first[5])"
    try folder.write(
      "catalogs/measurements/bins.csv", ([lines[0], lines[1], merged] + lines[4...]).joined(separator: "\n"))
    try FileManager.default.removeItem(atPath: "\(folder.path)/out")
    let run = try folder.run()
    #expect(run.exitCode == 0, "\(run.errors)")
    let (sample, shares) = try folder.sample()
    let expected = [fine[0], fine[1] + fine[2]] + fine[3...]
    #expect(shares.count == 8)
    for (one, other) in zip(shares, expected) { #expect(abs(one - other) < 1e-9) }
    let binning = try #require(sample["binning"] as? [String: Any])
    let grids = try #require(binning["grids"] as? [[String: Any]])
    #expect(grids.count == 2 && binning["ends_at_third_edges"] as? Bool == true)
    #expect((grids[0]["third"] as? [String: Any])?["edges"] as? [Double] == [0, 0.1, 0.8])
  }

  @Test func whatIsMissingIsSaid() throws {
    let folder = try Folder()
    let axes = [Self.transfers, ("hadronic_energy", [0, 0.2, 0.6])]
    try folder.measurement(axes, unit: "1e-38 cm2/GeV2/nucleon", detector: "")
    let missing = try folder.run()
    #expect(
      missing.exitCode == 65 && missing.errors.contains("hadronic_energy without a detector"), "\(missing.errors)")
    // A gap between bins of available energy.
    try folder.measurement(axes, unit: "1e-38 cm2/GeV2/nucleon")
    let table = "\(folder.path)/catalogs/measurements/bins.csv"
    let regular = try String(contentsOfFile: table, encoding: .utf8)
    try folder.write(
      "catalogs/measurements/bins.csv", regular.replacing("0.8,1.2,0.2,0.6,", with: "0.8,1.2,0.3,0.6,"))
    let gap = try folder.run()
    #expect(
      gap.exitCode == 65
        && gap.errors.contains("bins of hadronic_energy that do not follow one another in a bin of the lepton"),
      "\(gap.errors)")
    try folder.measurement(axes, unit: "1e-38 cm2/GeV/nucleon")
    let unit = try folder.run()
    #expect(unit.exitCode == 65 && unit.errors.contains("cm2/GeV2/nucleon"), "\(unit.errors)")
    try folder.measurement(
      [("hadronic_energy", [0, 0.2, 0.6]), Self.transfers], unit: "1e-38 cm2/GeV2/nucleon")
    let order = try folder.run()
    #expect(order.exitCode == 65 && order.errors.contains("observables"), "\(order.errors)")
  }
}
