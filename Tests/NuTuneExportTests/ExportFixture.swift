import Foundation
import NuTuneCore
import NuTuneExport
import NuTuneResults
import Testing
import ToyStructureFunctions

/// Models and a small finished run to export.
enum ExportFixture {
  /// toy-sf with some parameters changed.
  static func toy(_ changes: [String: ParameterValue] = [:]) throws -> ToyStructureFunctions {
    try ToyStructureFunctions(
      PluginConfiguration(parameters: ToyStructureFunctions.descriptor.parameters.defaults().setting(changes)))
  }

  /// toy-sf on argon as an exported model.
  static func model(
    _ channels: [NeutrinoSpecies] = [.numu], scales: [NeutrinoSpecies: ExportScale] = [:],
    members: [any StructureFunctionModel] = []
  ) throws -> ExportedModel {
    ExportedModel(
      label: "toy", run: "test", model: try toy(), members: members, channels: channels,
      target: try Target(named: "Ar40"), scales: scales)
  }

  static func reaction(_ species: NeutrinoSpecies) throws -> Reaction {
    Reaction(species: species, target: try Target(named: "Ar40"))
  }

  /// Text of a file that is one.
  static func text(_ file: ExportedFile) throws -> String {
    guard case .text(let text) = file.content else {
      Issue.record("\(file.name) is no text")
      return ""
    }
    return text
  }

  /// Rows of numbers below comments and words.
  static func rows(_ text: String, _ separator: Character) -> [[Double]] {
    text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map {
      $0.split(separator: separator).compactMap { Double($0) }
    }
    .filter { !$0.isEmpty }
  }

  static let binning: Binning = {
    guard let first = try? Axis(.leptonEnergy, edges: [0.5, 1, 3]),
      let second = try? Axis(.cosTheta, edges: [-1, 0, 0.5, 1]), let binning = try? Binning(first, second)
    else { preconditionFailure("a valid binning") }
    return binning
  }()

  /// Far sample of 200 events with a model that knows its uncertainty, near sample of infinitely many.
  static var predictions: Predictions {
    let near = [0.1, 0.1, 0.2, 0.1, 0.2, 0.3]
    var far = Predictions.SamplePrediction(
      name: "far-numu-fhc", title: "Far detector, \"ν_μ\"", binning: binning, events: 200,
      data: [0.05, 0.15, 0.3, 0, 0.25, 0.25], truth: [0.06, 0.14, 0.3, 0.01, 0.25, 0.24],
      models: ["theory": [0.07, 0.13, 0.3, 0.02, 0.24, 0.24]])
    far.uncertainties = [
      "theory": .init(bins: [0.01, 0.02, 0.03, 1e-5, 0.02, 0.01], marginals: [[0.01, 0.02], [0.01, 0.02, 0.03]])
    ]
    return Predictions(
      samples: [
        Predictions.SamplePrediction(
          name: "near-numu-fhc", title: "Near detector", binning: binning, events: nil, data: near, truth: near,
          models: ["theory": near]), far,
      ], slices: [.init(energy: 2, binning: binning, truth: near, models: ["theory": near])], learningCurves: [:])
  }

  /// A fit with two parameters and two lines of contour.
  static var fit: OscillationResults {
    let best = ["sin2_theta23": 0.47, "dm2_32": 2.438e-3]
    return OscillationResults(
      converged: true, verdict: "found", parameters: ["sin2_theta23", "dm2_32"], bestFit: best, nearestMinimum: best,
      errors: ["sin2_theta23": 0.015, "dm2_32": 1.1e-5], correlation: 0.3, intervals: [:],
      minima: [.init(parameters: best, delta: 0)],
      contours: [
        "68.27": .init(
          probability: 0.6827, level: 2.3,
          lines: [[[0.45, 2.43e-3], [0.49, 2.44e-3], [0.45, 2.43e-3]], [[0.55, 2.42e-3], [0.56, 2.45e-3]]])
      ])
  }

  /// Writes the run into a folder: one model, toy-sf with another axial mass, that needs no tuning.
  static func writeRun(to folder: String) throws {
    let results = StudyResults(
      study: EffectiveStudy(
        name: "small", title: "A small run", models: ["theory"],
        values: [
          "channels": .texts(["numu", "numubar"]), "experiment.target": .text("Ar40"),
          "truth.model": .text("toy-sf"), "models.theory.model": .text("toy-sf"),
          "models.theory.quasi_elastic.axial_mass": .number(1.2), "models.theory.tune_on": .text("numu"),
        ]),
      provenance: Provenance(
        version: "0", commit: "", seeds: [:], libraries: [:], started: "2026-03-01T09:30:00Z", seconds: [:]),
      truth: TruthResults(nearFarTv: nil, oscillation: fit),
      models: [
        "theory": ModelResults(
          near: .init(tv: 0, deviance: 0, bins: 6), far: nil, slices: [], support: nil, training: nil, oscillation: fit)
      ])
    try JSONEncoder().encode(results).write(to: URL(fileURLWithPath: "\(folder)/results.json"))
    try JSONEncoder().encode(predictions).write(to: URL(fileURLWithPath: "\(folder)/predictions.json"))
  }
}
