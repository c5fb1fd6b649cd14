import Foundation
import NuTuneCore
import NuTuneResults

/// The figures of merit of a study, one row each, one cell per model, for both terminal and report.
struct FiguresOfMerit: Sendable {
  /// A cell; `isBad` when it reports that something did not converge.
  struct Cell: Sendable, Equatable {
    /// Text, `–` for nothing.
    var text: String
    /// Whether it needs a reader's attention.
    var isBad = false
    /// Number by which models are ranked in this row, less is better; nil for rows without ranking.
    var rank: Double?

    /// An empty cell.
    static let none = Cell(text: "–")
  }

  /// A row.
  struct Row: Sendable {
    /// Group of the row.
    var group: String
    /// Name in the results.
    var name: String
    /// Title in words.
    var title: String
    /// Unit or remark, may be empty.
    var remark: String
    /// Cell of the true cross section.
    var truth: Cell
    /// Cells of the models, in order.
    var models: [Cell]

    /// Positions of the best models; empty if nothing is ranked.
    var best: [Int] {
      let ranks = models.compactMap(\.rank)
      guard ranks.count > 1, let least = ranks.min(), let most = ranks.max(), least < most else { return [] }
      return models.indices.filter { models[$0].rank == least }
    }
  }

  /// Model labels in order.
  let labels: [String]
  /// Whether there is a true cross section, and so a column for it.
  let hasTruth: Bool
  /// Rows in order.
  private(set) var rows: [Row] = []

  /// Collects the rows of a study's results.
  init(_ results: StudyResults) {
    labels = results.orderedLabels
    hasTruth = results.study.hasTruth
    let models = labels.compactMap { results.models[$0] }
    func add(
      _ group: String, _ name: String, _ remark: String = "", truth: Cell = .none, _ cell: (ModelResults) -> Cell
    ) {
      rows.append(
        Row(
          group: group, name: name, title: Self.title(of: name), remark: remark, truth: truth,
          models: models.map(cell)))
    }
    func text(_ text: String?, rank: Double? = nil) -> Cell { text.map { Cell(text: $0, rank: rank) } ?? .none }

    let isInfinite = results.study.values["near.events"].map { $0.description == "infinite" } ?? false
    let from = hasTruth ? "" : "from the data"
    add("Near detector", "tv", from) { text(DecimalText.fixed($0.near.tv, 5), rank: $0.near.tv) }
    let isWeighted = models.contains { $0.near.measured?.contains { $0.weight != nil } ?? false }
    add("Near detector", "deviance", isInfinite && hasTruth ? "per event" : isWeighted ? "with weights" : "") {
      text(DecimalText.general($0.near.deviance), rank: $0.near.deviance)
    }
    if models.contains(where: { $0.near.rateRatio != nil }) {
      add("Near detector", "measured_ratio", "to the data") {
        text($0.near.rateRatio.map { DecimalText.fixed($0, 3) }, rank: $0.near.rateRatio.map { abs($0 - 1) })
      }
    }
    add("Near detector", "bins") { text("\($0.near.bins)") }
    if models.contains(where: { $0.near.goodnessOfFit != nil }) { addGoodnessOfFit(models, add) }
    if results.models.values.contains(where: { $0.elsewhere != nil }) {
      add("Near, not learned from", "tv", from) {
        text($0.elsewhere.map { DecimalText.fixed($0.tv, 5) }, rank: $0.elsewhere?.tv)
      }
      if !hasTruth { addMeasuredElsewhere(models, add) }
    }
    if hasTruth || models.contains(where: { $0.far != nil }) { addFar(results, add) }
    var energies = [Double]()
    for energy in models.flatMap({ $0.slices.map(\.energy) }) where !energies.contains(energy) {
      energies.append(energy)
    }
    for energy in energies {
      add("Fixed E_ν", "tv", "at \(DecimalText.general(energy, 4)) GeV") { model in
        let tv = model.slices.first { $0.energy == energy }?.tv
        return text(tv.map { DecimalText.fixed($0, 4) }, rank: tv)
      }
    }
    if models.contains(where: { $0.support != nil }) {
      add("Support", "overlap") { text($0.support.map { DecimalText.fixed($0.overlap, 3) }) }
      add("Support", "uncovered") { model in
        model.support?.uncovered.map { uncovered in
          Cell(text: DecimalText.general(uncovered, 2), isBad: uncovered > ModelResults.Support.largestUncovered)
        } ?? .none
      }
    }
    if models.contains(where: { $0.structureFunctions != nil }) { addStructureFunctions(add) }
    addPosteriorWidths(models, add)
    if models.contains(where: { $0.training != nil }) { addTraining(add) }
    addParameters(models, add)
    addResponse(models, add)
    addOscillation(results, add)
  }

  /// Titles of rows, by their name in the results; parameters have symbols.
  private static let titles = [
    "tv": "shape distance (tv)", "deviance": "deviance", "bins": "bins",
    "expected_deviance": "expected deviance", "reduced_deviance": "deviance/expected",
    "effective_parameters": "effective parameters", "p_value": "p value",
    "visible_events": "events that show the misfit", "fit": "description of the data",
    "background_events": "background events",
    "rate_ratio": "far/near rate, true = 1", "measured_ratio": "cross section of all bins",
    "events_ratio": "events, true = 1", "ratios": "electrons/muons, true = 1",
    "posterior_over_prior": "posterior/prior width", "overlap": "near and far overlap",
    "uncovered": "far rate not covered", "mean_deviation": "mean deviation",
    "near_weighted": "near-weighted deviation", "far_weighted": "far-weighted deviation",
    "converged": "converged", "steps": "steps", "loss": "loss", "seconds": "time [s]",
    "overlap_1sigma": "overlap of 68 % regions",
  ]

  private static func title(of name: String) -> String {
    if let title = titles[name] { return title }
    let parts = name.split(separator: ".")
    if parts.count == 3, parts[0] == "hypothesis" { return "\(parts[2]) \(parts[1])" }
    guard name.hasPrefix("bias_sigma.") else { return FittedParameter(name).symbol }
    return "bias in \(FittedParameter(String(name.dropFirst("bias_sigma.".count))).symbol)"
  }

  private typealias Add = (String, String, String, Cell, (ModelResults) -> Cell) -> Void

  private func convergence(_ converged: Bool) -> Cell {
    converged ? Cell(text: "yes") : Cell(text: "NO", isBad: true)
  }

  private func addGoodnessOfFit(_ models: [ModelResults], _ add: Add) {
    let group = "Near detector"
    func row(
      _ name: String, _ remark: String = "", bad: Bool = false, _ value: @escaping (GoodnessOfFit) -> String?
    ) {
      guard models.contains(where: { $0.near.goodnessOfFit.flatMap(value) != nil }) else { return }
      add(group, name, remark, .none) { model in
        guard let fit = model.near.goodnessOfFit, let text = value(fit) else { return .none }
        return Cell(text: text, isBad: bad && fit.verdict != .good)
      }
    }
    row("expected_deviance") { fit in
      fit.expectedDeviance.map { expected in
        DecimalText.general(expected, 4) + (fit.standardDeviation.map { " ± \(DecimalText.general($0, 2))" } ?? "")
      }
    }
    if !hasTruth, models.contains(where: { $0.near.goodnessOfFit?.effectiveParameters != nil }) {
      add(group, "reduced_deviance", "", .none) { model in
        guard let expected = model.near.goodnessOfFit?.expectedDeviance, expected > 0 else { return .none }
        return Cell(text: DecimalText.general(model.near.deviance / expected, 3))
      }
    }
    row("effective_parameters") { $0.effectiveParameters.map { DecimalText.general($0, 3) } }
    row("p_value", bad: true) { $0.pValue.map(DecimalText.probability) }
    row("visible_events", bad: true) { $0.visibleEvents.map { DecimalText.general($0, 2) } }
    row("fit", bad: true) { $0.verdict == .good ? "good" : $0.verdict.rawValue.uppercased() }
  }

  /// What models say about measurements that they have not learned from.
  private func addMeasuredElsewhere(_ models: [ModelResults], _ add: Add) {
    let group = "Near, not learned from"
    func row(_ name: String, _ remark: String = "", _ cell: @escaping (ModelResults.Near) -> Cell) {
      add(group, name, remark, .none) { $0.elsewhere.map(cell) ?? .none }
    }
    row("deviance") { Cell(text: DecimalText.general($0.deviance), rank: $0.deviance) }
    row("measured_ratio", "to the data") { near in
      near.rateRatio.map { Cell(text: DecimalText.fixed($0, 3), rank: abs($0 - 1)) } ?? .none
    }
    row("bins") { Cell(text: "\($0.bins)") }
  }

  private func addFar(_ results: StudyResults, _ add: Add) {
    let far = results.study.predictedTitle.map { "Predicted: \($0)" } ?? "Far detector"
    let apart = results.truth.nearFarTv.map { "near–far \(DecimalText.fixed($0, 4))" }
    func row(
      _ name: String, _ remark: String = "", truth: Cell = .none, rank: @escaping (ModelResults.Far) -> Double,
      _ text: @escaping (ModelResults.Far) -> String
    ) {
      add(far, name, remark, truth) { model in model.far.map { Cell(text: text($0), rank: rank($0)) } ?? .none }
    }
    row("tv", apart ?? "", rank: \.tv) { DecimalText.fixed($0.tv, 5) }
    row("rate_ratio", truth: Cell(text: "1"), rank: { abs($0.rateRatio - 1) }) { DecimalText.fixed($0.rateRatio, 4) }
    row("deviance", rank: \.deviance) { DecimalText.general($0.deviance) }
    var samples: [ModelResults.Far.Sample] = []
    for (_, model) in results.models.sorted(by: { $0.key < $1.key }) {
      samples += (model.far?.samples ?? []).filter { new in !samples.contains { $0.name == new.name } }
    }
    for sample in samples {
      func own(_ model: ModelResults) -> ModelResults.Far.Sample? {
        model.far?.samples?.first { $0.name == sample.name }
      }
      add(far, "events_ratio", sample.name, Cell(text: "1")) { model in
        own(model).map { Cell(text: DecimalText.fixed($0.rateRatio, 4), rank: abs($0.rateRatio - 1)) } ?? .none
      }
      guard sample.isSum else { continue }
      add(far, "tv", sample.name, .none) { model in
        own(model).map { Cell(text: DecimalText.fixed($0.tv, 5), rank: $0.tv) } ?? .none
      }
      for (name, events) in (sample.backgrounds ?? [:]).sorted(by: { $0.key < $1.key }) {
        let cell = Cell(text: DecimalText.fixed(events, 1))
        add(far, "background_events", "\(sample.name): \(name)", cell) { own($0) == nil ? .none : cell }
      }
    }
    addRatios(far, results, add)
  }

  /// Adds rates of electrons over rates of muons, with their posterior errors.
  private func addRatios(_ group: String, _ results: StudyResults, _ add: Add) {
    func name(_ ratio: ModelResults.Far.Ratio) -> String { "\(ratio.numerator) / \(ratio.denominator)" }
    var names: [String] = []
    for label in labels {
      names += (results.models[label]?.far?.ratios ?? []).map(name).filter { !names.contains($0) }
    }
    for pair in names {
      add(group, "ratios", pair, Cell(text: "1")) { model in
        guard let ratio = model.far?.ratios?.first(where: { name($0) == pair }) else { return .none }
        let error = ratio.error.map { " ± \(DecimalText.fixed($0, 4))" } ?? ""
        return Cell(text: DecimalText.fixed(ratio.value, 4) + error, rank: abs(ratio.value - 1))
      }
    }
  }

  private func addStructureFunctions(_ add: Add) {
    let functions: [(String, (StructureFunctionDeviations) -> StructureFunctionDeviations.Deviation)] = [
      ("W1", \.w1), ("W2", \.w2), ("W3", \.w3),
    ]
    let means: [(String, (StructureFunctionDeviations.Deviation) -> Double?)] = [
      ("mean_deviation", \.mean), ("near_weighted", \.nearWeighted), ("far_weighted", \.farWeighted),
    ]
    for (name, value) in means {
      for (function, deviation) in functions {
        add("Structure functions", name, function, .none) { model in
          let number = model.structureFunctions.flatMap { value(deviation($0)) }
          return number.map { Cell(text: DecimalText.fixed($0, 3), rank: $0) } ?? .none
        }
      }
    }
  }

  /// Adds what near data say about each structure function, for each neutrino sign and, where near data are of several,
  /// target.
  private func addPosteriorWidths(_ models: [ModelResults], _ add: Add) {
    func widths(_ model: ModelResults) -> [String: PosteriorWidths] {
      model.structureFunctions?.posteriorOverPrior ?? [:]
    }
    for name in LearnedNucleus.all(named: models.flatMap { widths($0).keys }).map(\.name) {
      for index in 0..<5 {
        add("Structure functions", "posterior_over_prior", "W\(index + 1), \(name)", .none) { model in
          widths(model)[name]?.all[index].map { Cell(text: DecimalText.fixed($0, 2)) } ?? .none
        }
      }
    }
  }

  private func addTraining(_ add: Add) {
    func cell(_ value: @escaping (ModelResults.Training) -> Cell) -> (ModelResults) -> Cell {
      { $0.training.map(value) ?? .none }
    }
    add("Training", "converged", "", .none, cell { convergence($0.converged) })
    add("Training", "steps", "", .none, cell { Cell(text: "\($0.steps)") })
    add("Training", "loss", "", .none, cell { Cell(text: DecimalText.general($0.loss)) })
    add("Training", "seconds", "", .none, cell { Cell(text: DecimalText.fixed($0.seconds, 1)) })
  }

  /// Adds the fitted parameters of theories, with the prior in the remark where all models have the same.
  private func addParameters(_ models: [ModelResults], _ add: Add) {
    let fitted = models.compactMap(\.training?.parameters)
    for name in Set(fitted.flatMap(\.keys)).sorted() {
      let found = fitted.compactMap { $0[name] }
      let unit = found.first.map { $0.unit.isEmpty ? "" : " \($0.unit)" } ?? ""
      let priors = Set(found.map { Self.pair($0.prior[0], $0.prior[1]) })
      let remark = priors.count == 1 ? "prior \(priors.first ?? "")\(unit)" : unit.isEmpty ? "" : "in\(unit)"
      add("Fitted parameters", name, remark, .none) { model in
        guard let estimate = model.training?.parameters?[name] else { return .none }
        let end = estimate.bound == nil ? "" : ", at its bound"
        return Cell(text: Self.pair(estimate.value, estimate.error) + end, isBad: estimate.bound != nil)
      }
    }
  }

  /// Adds the numbers of the near detectors' response that were fitted with models, and how far they are from the truth.
  private func addResponse(_ models: [ModelResults], _ add: Add) {
    let fitted = models.compactMap(\.training?.response)
    for name in Set(fitted.flatMap(\.keys)).sorted() {
      guard let first = fitted.compactMap({ $0[name] }).first else { continue }
      let nominal = DecimalText.general(first.nominal, 4)
      let prior = first.width.map { "prior \(Self.pair(first.nominal, $0))" } ?? "free, assumed \(nominal)"
      let truth = first.truth.map { Cell(text: DecimalText.general($0, 4)) } ?? .none
      add("Hadronic response", name, prior, truth) { model in
        guard let estimate = model.training?.response?[name] else { return .none }
        let remark =
          (estimate.isConditional ? ", at given functions" : "") + (estimate.bound == nil ? "" : ", at its bound")
        return Cell(text: Self.pair(estimate.value, estimate.error) + remark, isBad: estimate.bound != nil)
      }
      if first.width != nil {
        add("Hadronic response", "pull", "\(name), σ of the prior", .none) { model in
          (model.training?.response?[name]?.pull).map { Cell(text: DecimalText.signed($0, 2)) } ?? .none
        }
      }
      guard first.truth != nil else { continue }
      add("Hadronic response", "deviation", "\(name), from the true one in σ", .none) { model in
        (model.training?.response?[name]?.deviation).map { Cell(text: DecimalText.signed($0, 2), rank: abs($0)) }
          ?? .none
      }
    }
  }

  /// A value with its error, both with the decimals that give the error two digits.
  private static func pair(_ value: Double, _ error: Double) -> String {
    guard error > 0, error.isFinite else { return DecimalText.general(value, 4) }
    let decimals = min(max(1 - Int(log10(error).rounded(.down)), 0), 12)
    return "\(DecimalText.fixed(value, decimals)) ± \(DecimalText.fixed(error, decimals))"
  }

  private func addOscillation(_ results: StudyResults, _ add: Add) {
    let truth = results.truth.oscillation
    let fits = labels.compactMap { results.models[$0]?.oscillation }
    guard let parameters = (truth ?? fits.first)?.parameters else { return }
    let group = "Oscillation fit"
    add(group, "converged", "", truth.map { convergence($0.converged) } ?? .none) {
      $0.oscillation.map { convergence($0.converged) } ?? .none
    }
    func best(_ fit: OscillationResults?, _ parameter: FittedParameter) -> Cell {
      guard let fit, let value = fit.nearestMinimum[parameter.name] else { return .none }
      let error = fit.errors[parameter.name].map { " ± \(parameter.text($0))" } ?? ""
      return Cell(text: parameter.text(value) + error)
    }
    for parameter in parameters.map(FittedParameter.init) {
      add(group, parameter.name, parameter.unit, best(truth, parameter)) { best($0.oscillation, parameter) }
    }
    addBias(group, fits, truth, parameters, add) { $0.oscillation }
    addHypotheses(group, truth, add)
    if labels.contains(where: { results.models[$0]?.oscillationAtPosteriorMean != nil }) {
      let held = labels.compactMap { results.models[$0]?.oscillationAtPosteriorMean }
      let group = "Oscillation fit, model held at its mean"
      for parameter in parameters.map(FittedParameter.init) {
        add(group, parameter.name, parameter.unit, .none) { best($0.oscillationAtPosteriorMean, parameter) }
      }
      addBias(group, held, truth, parameters, add) { $0.oscillationAtPosteriorMean }
    }
  }

  /// Adds −2lnL of every answer to a discrete question above the best one.
  private func addHypotheses(_ group: String, _ truth: OscillationResults?, _ add: Add) {
    for (question, answers) in (truth?.hypotheses ?? [:]).sorted(by: { $0.key < $1.key }) {
      for answer in answers.keys.sorted() {
        func cell(_ fit: OscillationResults?) -> Cell {
          (fit?.hypotheses?[question]?[answer]).map { Cell(text: DecimalText.fixed($0.delta, 2)) } ?? .none
        }
        add(group, "hypothesis.\(question).\(answer)", "Δ(−2lnL)", cell(truth)) { cell($0.oscillation) }
      }
    }
  }

  /// Adds biases in units of σ_stat, of the fitted parameters and of parameters that follow from them, and the overlap.
  private func addBias(
    _ group: String, _ fits: [OscillationResults], _ truth: OscillationResults?, _ parameters: [String], _ add: Add,
    _ fit: @escaping (ModelResults) -> OscillationResults?
  ) {
    let derived = Set(fits.flatMap { ($0.biasSigma ?? [:]).keys }).subtracting(parameters).sorted()
    for name in parameters + derived {
      let sigma = fits.lazy.compactMap { $0.sigmaStat?[name] }.first
      let spans = truth?.intervals[name]?.spansSeveralMinima ?? false
      let parameter = FittedParameter(name)
      let text = sigma.map { "σ_stat \(parameter.text($0))\(spans ? ", both octants" : "")" }
      add(group, "bias_sigma.\(name)", text ?? "in σ_stat", .none) {
        (fit($0)?.biasSigma?[name]).map { Cell(text: DecimalText.signed($0, 2), rank: abs($0)) } ?? .none
      }
    }
    add(group, "overlap_1sigma", "", .none) {
      (fit($0)?.overlap1Sigma).map { Cell(text: DecimalText.fixed($0, 3), rank: -$0) } ?? .none
    }
  }
}
