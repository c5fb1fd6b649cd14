import Foundation
import NuTuneCore
import NuTuneReport
import NuTuneResults

/// A run folder with plausible numbers: quasi-elastic peak over a flat continuum, folded with a beam that oscillates on
/// its way; models are the truth with smooth distortions.
struct SyntheticRun {
  /// Model labels, each with the size of its distortion.
  var models: [(label: String, distortion: Double)] = [("neural", 0.03), ("flow", 0.4)]
  /// Events of the far sample.
  var farEvents = 6200.0
  /// Whether the far sample fluctuates.
  var fluctuates = false
  /// Whether every training converged.
  var converged = true
  /// Whether oscillations are fitted.
  var fitsOscillations = true
  /// Commit in the provenance.
  var commit = "0123abc"

  /// The folder of such a run with its report, for all tests that only read it.
  static let reported = Result {
    let folder = try TemporaryFolder()
    try SyntheticRun().write(to: folder.path)
    try Report.build(folder: folder.path, jobs: 2)
    return folder
  }

  static let binning: Binning = {
    let cosTheta = [-1, -0.6, -0.2, 0.2, 0.4, 0.6, 0.7, 0.8] + (0...12).map { 0.84 + 0.16 * Double($0) / 12 }
    guard
      let first = try? Axis(.leptonEnergy, edges: (0...39).map { 0.2 + 0.2 * Double($0) }),
      let second = try? Axis(.cosTheta, edges: cosTheta), let binning = try? Binning(first, second)
    else { preconditionFailure("a valid binning") }
    return binning
  }()

  /// Density at one neutrino energy; `distortion` bends it smoothly.
  static func density(_ neutrino: Double, _ energy: Double, _ cosTheta: Double, distortion: Double) -> Double {
    let transfer = neutrino - energy
    guard transfer > 0 else { return 0 }
    let momentum = max(energy * energy - 0.0112, 0).squareRoot()
    let q2 = max(2 * neutrino * (energy - momentum * cosTheta) - 0.0112, 0)
    let peak = transfer - q2 / 1.878 - 0.03
    let width = 0.04 + 0.15 * (q2 + transfer * transfer).squareRoot()
    let quasiElastic = exp(-peak * peak / (2 * width * width)) / width / pow(1 + q2 / 0.9, 4)
    let massSquared = 0.88 + 1.878 * transfer - q2
    let inelastic = massSquared > 0 ? 0.35 * exp(-q2 / 2) / (1 + exp(-(massSquared.squareRoot() - 1.35) / 0.1)) : 0
    let bend = exp(distortion * (sin(1.7 * transfer + neutrino) * 0.4 + 0.3 * cos(2.5 * q2) - 0.2 * sin(neutrino)))
    return (quasiElastic + inelastic) * momentum * bend
  }

  /// Bin probabilities for a spectrum of neutrino energies.
  static func probabilities(_ spectrum: [(energy: Double, weight: Double)], distortion: Double) -> [Double] {
    var contents = [Double](repeating: 0, count: binning.count)
    let (first, second) = (binning.grids[0].first, binning.grids[0].second)
    for i in 0..<first.count {
      for j in 0..<second.count {
        let area = first.width(i) * second.width(j)
        contents[i * second.count + j] = spectrum.reduce(0) {
          let value = density($1.energy, first.center(i), second.center(j), distortion: distortion)
          return $0 + $1.weight * area * value
        }
      }
    }
    let total = contents.reduce(0, +)
    return contents.map { $0 / total }
  }

  static func spectrum(oscillated: Bool) -> [(energy: Double, weight: Double)] {
    (0..<80).map { cell in
      let energy = 0.35 + 0.1 * Double(cell)
      let flux = exp(-pow((energy - 2.5) / 1.1, 2)) + 0.05 * exp(-energy / 4)
      let phase = 1.267 * 2.45e-3 * 1285 / energy
      return (energy, flux * energy * (oscillated ? 1 - 0.97 * pow(sin(phase), 2) : 1))
    }
  }

  /// Predictions of the run.
  var predictions: Predictions {
    func sample(_ site: DetectorSite, events: Double?) -> Predictions.SamplePrediction {
      let spectrum = Self.spectrum(oscillated: site == .far)
      let truth = Self.probabilities(spectrum, distortion: 0)
      // A second normalisation leaves the last digits different, as in a real run.
      let sum = truth.reduce(0, +) * (1 + 1e-15)
      var data = truth.map { $0 / sum }
      if let events, fluctuates {
        var state: UInt64 = 1
        data = truth.map { probability in
          state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
          let uniform = Double(state >> 11) / Double(1 << 53)
          return max(
            (probability * events + 2 * (uniform - 0.5) * (3 * probability * events).squareRoot()).rounded(), 0)
        }
        let total = data.reduce(0, +)
        data = data.map { $0 / total }
      }
      // The near detector sees a tenth of each distortion: that is what was trained on.
      let seen = site == .near ? 0.1 : 1
      return Predictions.SamplePrediction(
        name: "\(site.rawValue)-numu-fhc", title: "DUNE \(site.rawValue) detector, ν_μ CC, FHC", binning: Self.binning,
        events: events, data: data, truth: truth,
        models: Dictionary(
          uniqueKeysWithValues: models.map {
            ($0.label, Self.probabilities(spectrum, distortion: $0.distortion * seen))
          }))
    }
    let slices = [1.0, 2, 3, 5].map { energy in
      Predictions.SlicePrediction(
        energy: energy, binning: Self.binning,
        truth: Self.probabilities([(energy + 1e-3, 1)], distortion: 0),
        models: Dictionary(
          uniqueKeysWithValues: models.map {
            ($0.label, Self.probabilities([(energy + 1e-3, 1)], distortion: 3 * $0.distortion))
          }))
    }
    let steps = Array(stride(from: 0, through: 8000, by: 20))
    let curves = models.enumerated().map { position, model in
      let losses = steps.map { step -> Double in
        let ripple = 1 + 0.2 * sin(Double(step * (position + 3))) * exp(-Double(step) / 4000)
        return (0.4 / pow(1 + Double(step) / 10, 1.6) + 2e-6 * Double(position + 1)) * ripple
      }
      return (model.label, Predictions.LearningCurve(step: steps, loss: losses))
    }
    return Predictions(
      samples: [sample(.near, events: nil), sample(.far, events: farEvents)], slices: slices,
      learningCurves: Dictionary(uniqueKeysWithValues: curves))
  }

  private func fit(shift: (Double, Double), isTruth: Bool) -> OscillationResults {
    let best = ["sin2_theta23": 0.470 + shift.0, "dm2_32": 2.4381e-3 + shift.1]
    let other = ["sin2_theta23": 0.566 - shift.0, "dm2_32": 2.4365e-3 + shift.1]
    func ellipse(_ center: [String: Double], _ size: Double) -> [[Double]] {
      (0...90).map { step in
        let angle = 2 * Double.pi * Double(step) / 90
        return [
          (center["sin2_theta23"] ?? 0) + 0.022 * size * cos(angle),
          (center["dm2_32"] ?? 0) + 1.6e-5 * size * (sin(angle) + 0.3 * cos(angle)),
        ]
      }
    }
    let contours = [
      "68.27": OscillationResults.Contour(
        probability: 0.6827, level: 2.30, lines: [ellipse(best, 1), ellipse(other, 0.9)]),
      "95.45": OscillationResults.Contour(
        probability: 0.9545, level: 6.18, lines: [ellipse(best, 1.6), ellipse(other, 1.5)]),
    ]
    return OscillationResults(
      converged: true, verdict: "gradient below 1e-6 at both minima", parameters: ["sin2_theta23", "dm2_32"],
      bestFit: best, nearestMinimum: best, errors: ["sin2_theta23": 0.0148, "dm2_32": 1.08e-5], correlation: 0.28,
      intervals: [
        "sin2_theta23": .init(
          lower: 0.4551 + shift.0, upper: 0.5810 + shift.0, spansSeveralMinima: true, reachesBound: false),
        "dm2_32": .init(
          lower: 2.4273e-3 + shift.1, upper: 2.4489e-3 + shift.1, spansSeveralMinima: false, reachesBound: false),
      ],
      minima: [.init(parameters: best, delta: 0), .init(parameters: other, delta: 0.31)], contours: contours,
      biasSigma: isTruth ? nil : ["sin2_theta23": shift.0 / 0.0148, "dm2_32": shift.1 / 1.08e-5],
      sigmaStat: isTruth ? nil : ["sin2_theta23": 0.0148, "dm2_32": 1.08e-5], overlap1Sigma: isTruth ? nil : 0.87)
  }

  /// Results of the run.
  var results: StudyResults {
    let answers = models.enumerated().map { position, model -> (String, ModelResults) in
      let shift = (model.distortion * 0.08, -model.distortion * 1.2e-4)
      return (
        model.label,
        ModelResults(
          near: .init(tv: 0.03 * model.distortion, deviance: 6.2e-6 * Double(position + 1), bins: 780),
          far: .init(tv: 0.3 * model.distortion, rateRatio: 1 + 0.02 * model.distortion, deviance: 1.4),
          slices: [1.0, 2, 3, 5].map { .init(energy: $0, tv: model.distortion / $0) },
          support: position == 0 ? .init(overlap: 0.973) : nil,
          training: .init(
            converged: converged || position > 0,
            verdict: converged ? "loss fell less than 1 % over the last 10 % of the steps" : "loss still falling",
            steps: 8000, loss: 3.1e-6, seconds: 41.2),
          oscillation: fitsOscillations ? fit(shift: shift, isTruth: false) : nil)
      )
    }
    return StudyResults(
      study: EffectiveStudy(
        name: "dune-closure", title: "DUNE closure: learn at the near detector, predict the far detector",
        models: models.map(\.label),
        values: [
          "truth.model": .text("toy-sf"), "truth.axial_mass": .number(1.03), "near.events": .text("infinite"),
          "far.events": .integer(6200), "far.sample": .text("asimov"), "oscillation.model": .text("three-flavor"),
          "oscillation.sin2_theta23": .number(0.47), "oscillation.dm2_31": .number(2.513e-3),
          "oscillation.dm2_21": .number(7.49e-5), "channels": .texts(["numu"]),
          "models.neural.network.hidden": .numbers([64, 64, 64]),
        ]),
      provenance: Provenance(
        version: "0.1.0", commit: commit, seeds: ["study": 1, "network": 1, "data": 1],
        libraries: ["GSL": "2.7.1", "OpenBLAS": "0.3.21", "Swift": "6.3.1"], started: "2026-03-01T09:30:00Z",
        seconds: ["fold": 6.1, "train neural": 41.2, "fit": 3.4]),
      truth: TruthResults(
        nearFarTv: 0.1913, oscillation: fitsOscillations ? fit(shift: (0, 0), isTruth: true) : nil),
      models: Dictionary(uniqueKeysWithValues: answers))
  }

  /// Writes both files into a folder, which is made.
  func write(to folder: String) throws { try Self.write(results, predictions, to: folder) }

  /// Writes results and predictions into a folder, which is made.
  static func write(_ results: StudyResults, _ predictions: Predictions, to folder: String) throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    try encoder.encode(results).write(to: URL(fileURLWithPath: folder + "/results.json"))
    try encoder.encode(predictions).write(to: URL(fileURLWithPath: folder + "/predictions.json"))
  }
}
