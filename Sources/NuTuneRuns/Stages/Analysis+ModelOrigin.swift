import NuTuneAnalysis
import NuTuneCatalog
import NuTuneCore
import NuTuneFiles

extension Analysis {
  /// What a model that was just tuned learned from. It depends on what its stage depends on and nothing else, so that a
  /// resumed run has the same card.
  ///
  /// - Parameters:
  ///   - result: the tuned model.
  ///   - selection: what it is, in the study.
  ///   - data: the near data.
  ///   - study: the study.
  ///   - seed: of the random numbers that it started to learn from.
  ///   - dataDigest: SHA-256 of the near data.
  func origin(
    of result: TuningResult, _ selection: PluginSelection, on data: [SampleData], study: StudyConfiguration, seed: Int,
    dataDigest: String
  ) throws -> ModelOrigin {
    let learned = try learnedSamples(
      of: result.model, label: selection.label, on: data, share: ModelOrigin.share)
    let reactions = learned.flatMap(\.reactions)
    let channels = NeutrinoSpecies.allCases.filter { species in reactions.contains { $0.species == species } }
    let positions = Set(
      study.samples(at: .near).filter { sample in learned.contains { $0.name == sample.name } }.map(\.position))
    let detectors = study.nearDetectors.filter { positions.contains($0.position) }
    var experiments: [String] = []
    for title in detectors.map({ study.experiment(of: $0).title }) where !experiments.contains(title) {
      experiments.append(title)
    }
    let energies = folded.energies
    return ModelOrigin(
      experiments: experiments, targets: Set(reactions.map(\.target.name)).sorted(), channels: channels.map(\.rawValue),
      neutrinoEnergies: energies,
      support: learned.map { sample in
        func ends(_ range: ClosedRange<Double>?) -> [Double]? { range.map { [$0.lowerBound, $0.upperBound] } }
        return .init(sample: sample.name, w2: ends(sample.place?.w2), q2: ends(sample.place?.q2))
      },
      scale: scale(learned), seeds: ["network": seed],
      version: NuTuneVersion.current, build: NuTuneVersion.build, library: selection.library,
      dataDigest: dataDigest, formulas: formulas(of: result),
      probes: try channels.compactMap { species in
        // Where near data are of several targets, a model has functions of these, and none of their nuclei.
        let served = reactions.first { $0.species == species && (try? result.model.check([$0])) != nil }
        return try served.map { try ModelProbe(of: result.model, $0, within: energies) }
      })
  }

  /// Data over the rates of the model for each neutrino sign and experiment.
  private func scale(_ learned: [LearnedSample]) -> ModelOrigin.Scale {
    var factors: [String: ModelOrigin.Scale.Factor] = [:]
    for group in Set(learned.flatMap(\.groups)) {
      let samples = learned.filter { $0.groups.contains(group) }
      let rates = samples.compactMap(\.rates)
      let (data, model) = (rates.reduce(0) { $0 + $1.data }, rates.reduce(0) { $0 + $1.model })
      guard data > 0, model > 0 else { continue }
      let events = samples.compactMap(\.events).reduce(0, +)
      factors[group.helicity.rawValue + (group.experiment.isEmpty ? "" : "@\(group.experiment)")] = .init(
        value: data / model, statisticalError: events > 0 ? 1 / events.squareRoot() : 0)
    }
    var scale = ModelOrigin.Scale(isAbsolute: !learned.isEmpty && learned.allSatisfy(\.hasScale), factors: factors)
    let errors = learned.compactMap(\.totalError)
    if scale.isAbsolute, !errors.isEmpty {
      scale.relativeError = 1 / errors.reduce(0) { $0 + 1 / ($1 * $1) }.squareRoot()
    }
    return scale
  }

  /// How the model is evaluated: by its plugin, and by what all models with structure functions have in common.
  private func formulas(of result: TuningResult) -> [String] {
    var formulas: [String] = []
    if case .text(let own) = result.state.card["formula"] { formulas.append(own) }
    guard result.model is any StructureFunctionModel else { return formulas }
    return formulas + [
      "d²σ/(dE_l dcosθ) = G_F² p_l/[π(1+Q²/M_W²)²]·(A E_ν + B + C/E_ν), at least 0, in 10⁻³⁸ cm²/GeV per nucleon "
        + "with W₁…W₅ in GeV⁻¹ at ω = E_ν − E_l and Q², W² = M² + 2Mω − Q²: A = W₂, B = −ωW₂ ± Q²W₃/2M − m²W₅/M, C = "
        + "(Q²+m²)[W₁/2 − W₂/4 ∓ ωW₃/4M + m²ωW₄/(2MQ²)], upper signs for neutrinos"
    ]
  }
}
