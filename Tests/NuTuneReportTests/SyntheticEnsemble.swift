import Foundation
import NuTuneCore
import NuTuneResults

/// `ensemble.json` with plausible numbers: fits that scatter around the truth as their source says, and regions that are
/// as wide as linear addition makes them.
struct SyntheticEnsemble {
  /// A source: its name, and the spreads of sin²θ₂₃ and Δm²₃₂ in σ_stat.
  typealias Source = (name: String, spreads: (Double, Double))

  /// Sources that vary alone.
  var sources: [Source] = [("network", (0.3, 0.45)), ("flux", (1.0, 0.7)), ("statistics", (0.2, 0.15))]
  /// Members with all sources.
  var members = 100
  /// Members of each source alone.
  var breakdown = 40
  /// Whether regions have lines.
  var hasContours = true
  /// Whether sets with the flux have the true cross section too.
  var hasThrows = true
  /// Sets without a combination.
  var withoutModel: Set<String> = []
  /// Reasons why members failed, by set and member.
  var failures: [String: [String: String]] = [:]
  /// Title of the study.
  var title = "DUNE closure with systematic uncertainties"
  /// Warnings.
  var warnings: [String] = []
  /// Names of the far samples.
  var samples = ["far-numu-fhc"]

  static let center = [0.470, 2.4381e-3]
  static let sigmas = [0.0148, 1.08e-5]

  /// The results, read from the file's text.
  var results: EnsembleResults {
    get throws { try JSONDecoder().decode(EnsembleResults.self, from: json) }
  }

  /// Writes `ensemble.json` into a folder.
  func write(to folder: String) throws {
    try json.write(to: URL(fileURLWithPath: folder + "/ensemble.json"))
  }

  /// The file's text.
  var json: Data {
    get throws {
      let run = SyntheticRun()
      var study = run.results.study
      study.title = title
      study.name = "dune-ensemble"
      guard var reference = run.results.truth.oscillation else { preconditionFailure("a fit") }
      reference.contours = hasContours ? Self.contours(1, shift: (0, 0)) : [:]
      for (index, name) in reference.parameters.enumerated() {
        reference.intervals[name] = .init(
          lower: Self.center[index] - Self.sigmas[index], upper: Self.center[index] + Self.sigmas[index],
          spansSeveralMinima: false, reachesBound: false)
      }
      let object: [String: Any] = [
        "schema": "nutune.ensemble/1", "study": try Self.plain(study),
        "provenance": try Self.plain(run.results.provenance),
        "model": "neural", "parameters": ["sin2_theta23", "dm2_32"],
        "true_values": ["sin2_theta23": Self.center[0], "dm2_32": Self.center[1]],
        "reference": try Self.plain(reference),
        "sigma_stat": ["sin2_theta23": Self.sigmas[0], "dm2_32": Self.sigmas[1]], "sets": try sets,
        "warnings": warnings,
      ]
      return try JSONSerialization.data(withJSONObject: object, options: [.sortedKeys])
    }
  }

  private static func plain(_ value: some Encodable) throws -> Any {
    try JSONSerialization.jsonObject(with: JSONEncoder().encode(value))
  }

  private var sets: [[String: Any]] {
    get throws {
      let total = sources.reduce((0.0, 0.0)) {
        ($0.0 + $1.spreads.0 * $1.spreads.0, $0.1 + $1.spreads.1 * $1.spreads.1)
      }
      let known = sources.map(\.name).filter { SystematicSource(rawValue: $0) != nil }
      let all: Source = ("all", (total.0.squareRoot(), total.1.squareRoot()))
      return try ([all] + (sources.count > 1 ? sources : [])).enumerated().map { number, source in
        let vary = source.name == "all" ? known : known.filter { $0 == source.name }
        let flux = sources.first { $0.name == "flux" }
        let count = source.name == "all" ? members : breakdown
        let set: [String: Any?] = [
          "name": source.name, "vary": vary, "planned": count, "missing": 0,
          "failures": failures[source.name] ?? [:], "unconverged_trainings": 0,
          "model": withoutModel.contains(source.name)
            ? nil : try combination(count - (failures[source.name]?.count ?? 0), source.spreads, seed: number + 1),
          "truth": try hasThrows && vary.contains("flux")
            ? flux.map { try combination(count, ($0.spreads.0 * 0.8, $0.spreads.1 * 0.8), seed: 99) } : nil,
        ]
        return set.compactMapValues { $0 }
      }
    }
  }

  private func combination(_ count: Int, _ spreads: (Double, Double), seed: Int) throws -> [String: Any] {
    var normal = NormalNumbers(state: UInt64(seed))
    let shifts = (0.1 + 0.1 * spreads.0, -0.05)
    let pulls = (0..<count).map { _ in
      let (first, second) = (normal.next(), normal.next())
      return [shifts.0 + spreads.0 * first, shifts.1 + spreads.1 * (0.3 * first + 0.95 * second)]
    }
    let names = ["sin2_theta23", "dm2_32"]
    func estimates(_ values: [Double], _ errors: [Double]) -> [String: [String: Double]] {
      var result: [String: [String: Double]] = [:]
      for (index, name) in names.enumerated() { result[name] = ["value": values[index], "error": errors[index]] }
      return result
    }
    let means = (0...1).map { index in pulls.reduce(0) { $0 + $1[index] } / Double(max(count, 1)) }
    let deviations = (0...1).map { index in
      let squares = pulls.reduce(0) { $0 + pow($1[index] - means[index], 2) }
      return (squares / Double(max(count - 1, 1))).squareRoot()
    }
    let root = Double(max(count, 1)).squareRoot()
    func intervals(_ n: Double) -> [String: [Double]] {
      var result: [String: [Double]] = [:]
      for (index, name) in names.enumerated() {
        let half = n * (1 + deviations[index])
        result[name] = [-half, half].map { Self.center[index] + Self.sigmas[index] * (means[index] + $0) }
      }
      return result
    }
    return [
      "members": count, "shift": estimates(means, deviations.map { $0 / root }),
      "spread": estimates(deviations, deviations.map { $0 / root / 1.414 }),
      "intervals": ["68.27": intervals(1), "95.45": intervals(2)],
      "contours": hasContours
        ? try Self.plain(Self.contours(1 + (deviations[0] + deviations[1]) / 2, shift: (means[0], means[1]))) : [:],
      "holds_truth": ["68.27": true, "95.45": true], "holds_truth_region": ["68.27": 0.987, "95.45": 1.0],
      "is_cut": ["68.27": false, "95.45": false],
      "fits": pulls.map { pull in (0...1).map { Self.center[$0] + Self.sigmas[$0] * pull[$0] } },
      "near_tv": [0.0004, 0.00005], "far_tv": [0.0072, 0.002 * (0.2 + spreads.0)],
      "bands": try samples.map { try band($0, spreads.0) },
    ]
  }

  private func band(_ name: String, _ spread: Double) throws -> [String: Any] {
    let grid = SyntheticRun.binning.grids[0]
    let truth = grid.projections(
      SyntheticRun.probabilities(SyntheticRun.spectrum(oscillated: true), distortion: 0)
    ).first
    let bins = truth.indices
    return [
      "sample": name, "axis": try Self.plain(grid.first), "truth": truth,
      "mean": bins.map { truth[$0] > 0 ? 0.004 * sin(Double($0) / 3) + (truth[$0] < 1e-3 ? 3 : 0) : 0 },
      "spread": bins.map { truth[$0] > 0 ? 0.03 * spread * (1 + 0.5 * sin(Double($0) / 5)) : 0 },
    ]
  }

  /// Regions of both octants whose half widths are those with the true cross section times a factor; where they meet they
  /// are one.
  static func contours(_ factor: Double, shift: (Double, Double)) -> [String: OscillationResults.Contour] {
    var contours: [String: OscillationResults.Contour] = [:]
    for (key, probability, level) in [("68.27", 0.6827, 2.296), ("95.45", 0.9545, 6.180)] {
      let (width, height) = (level.squareRoot() * factor * sigmas[0], level.squareRoot() * factor * sigmas[1])
      let middles = [center[0] + shift.0 * sigmas[0], 0.566 - shift.0 * sigmas[0]]
      let middle = center[1] + shift.1 * sigmas[1]
      var lines: [[[Double]]] = []
      let isOne = middles[1] - middles[0] < 2 * width
      for ends in isOne ? [(middles[0], middles[1])] : [(middles[0], middles[0]), (middles[1], middles[1])] {
        let grid = (0...120).map { step in
          ends.0 - width + (ends.1 - ends.0 + 2 * width) * (1 - cos(Double.pi * Double(step) / 120)) / 2
        }
        func half(_ x: Double) -> Double {
          middles.map { height * max(1 - pow((x - $0) / width, 2), 0).squareRoot() }.max() ?? 0
        }
        let upper = grid.map { [$0, middle + half($0)] }
        let lower = grid.reversed().map { [$0, middle - half($0)] }
        lines.append(upper + lower + upper.prefix(1))
      }
      contours[key] = OscillationResults.Contour(probability: probability, level: level, lines: lines)
    }
    return contours
  }
}

/// Numbers that scatter like a normal distribution: sums of twelve uniform ones.
private struct NormalNumbers {
  var state: UInt64

  mutating func next() -> Double {
    (0..<12).reduce(-6) { sum, _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return sum + Double(state >> 11) / Double(1 << 53)
    }
  }
}
