import ArgumentParser
import Foundation
import NuTuneAnalysis
import NuTuneCatalog
import NuTuneCore
import NuTuneFiles
import NuTuneReport
import NuTuneResults
import NuTuneRuns

/// `nutune sensitivity`.
struct SensitivityCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sensitivity",
    abstract: "How well far data would answer a question, with the true and with learned cross sections.",
    discussion: """
      Models are tuned as by nutune run, in the same folder; then far data without fluctuations are made at every true value \
      and fitted with each. octant: Δ(−2lnL) of the wrong octant against the true sin2_theta23; cp: √Δ(−2lnL) of CP \
      conservation against the true delta_cp; ordering: Δ(−2lnL) of the wrong ordering against the true delta_cp; resolution: \
      errors of the fitted parameters against the exposure, relative to that of the study. milestones: the exposure at \
      which ordering, CP violation and errors of parameters reach what long-baseline experiments set out to, in kt MW yr \
      where the study has far.exposure. Questions of numbers need likelihood.statistic: poisson.

      A band around each curve holds the answers at other true values of further parameters (--over), or the central 68 and \
      95 % of pseudo-experiments with Poisson events, thrown norms and thrown priors (--experiments); the table then says how \
      often octant or ordering is chosen wrongly. Experiments are stored in the folder: the same command goes on with them.

      Example:
        nutune sensitivity dune-closure --of octant --values 0.40:0.60:0.02
        nutune sensitivity dune-cp --of cp --exposures 0.5,1,2,4
        nutune sensitivity dune-four-channels --of cp --over sin2_theta23=0.44,0.58
        nutune sensitivity dune-four-channels --of octant --values 0.44,0.47 --experiments 100
      """)

  @Argument(help: "A study file, or the name of a study in the catalog.", completion: .file())
  var study: String

  @Option(name: .customLong("of"), help: "The question: octant, cp, ordering, resolution or milestones.")
  var question: String

  @Option(
    help: ArgumentHelp(
      "True values, a,b,c or from lo to hi (included), radians for delta_cp; without, the usual ones.",
      valueName: "lo:hi:step"))
  var values: String?

  @Option(
    help: ArgumentHelp(
      "Exposures at each of which the question is asked, relative to that of the study, a,b,c.",
      valueName: "a,b,c"))
  var exposures: String?

  @Option(
    help: ArgumentHelp(
      "Other true values of another parameter, a,b,c or lo:hi:step, each beside those of the study; repeated for all combinations.",
      valueName: "name=values"))
  var over: [String] = []

  @Option(help: ArgumentHelp("Pseudo-experiments at every true value.", valueName: "number"))
  var experiments = 0

  @Option(name: .long, help: "The folder; runs/<name of the study> by default.", completion: .directory)
  var out: String?

  @OptionGroup var overrides: StudyChanges

  @OptionGroup
  var plugins: PluginOptions

  @OptionGroup var threads: JobsOption

  @OptionGroup var end: ReportOption

  func run() throws {
    let names = SensitivityQuestion.allCases.map(\.rawValue) + [SensitivityReport.milestones]
    guard names.contains(question) else {
      throw NuTuneError(
        .usage, key: "--of", found: "“\(question)”", expected: "one of \(names.joined(separator: ", "))",
        suggestion: Suggestion.nearest(to: question, among: names))
    }
    // Nil stands for milestones.
    let asked = SensitivityQuestion(rawValue: question)
    let (values, exposures) = (try trueValues(asked), try askedExposures(asked))
    let bands = try askedBands(asked)
    let registry = try plugins.registry(forStudy: study, overrides: overrides.changes)
    let study = try StudyConfiguration.load(study, overrides: overrides.changes, registry: registry)
    try study.check(registry)
    for question in asked.map({ [$0] }) ?? [.cp, .ordering] { try study.check(question) }
    try study.check(bands.others, values: values, of: asked, registry)
    study.warnOfUnusedValues()
    if end.hasReport { try Report.checkTools() }
    let folder = try RunFolder(path: out ?? "runs/\(study.name)")
    let display = try ProgressDisplay(log: folder.file("run.log"))
    display.note(folder.heading("\(question) of \(study.title)"))
    Interruption.resume(with: "tuned models are kept in \(folder.path); the same command goes on with them")
    let run = StudyRun(
      study, registry: registry, folder: folder, threads: threads.jobs, resume: true, report: { display.show($0) })
    let (converged, files) = try answer(asked, run, values, exposures, bands, folder)
    try folder.checkPresence()
    try StandardOutput.write(files.map { "figure: \($0)\n" }.joined())
    try display.checkLog()
    guard converged else {
      display.note("not every fit converged; the table says which")
      throw ExitCode(2)
    }
  }

  /// Makes the fits, shows the table and draws the figure; returns whether every fit converged, and the figure's files.
  private func answer(
    _ question: SensitivityQuestion?, _ run: StudyRun, _ values: [Double], _ exposures: [Double]?,
    _ bands: AskedBands, _ folder: RunFolder
  ) throws -> (converged: Bool, files: [String]) {
    guard let question else {
      let results = try MilestoneRun(run, exposures: exposures ?? [], deltas: values).results()
      try StandardOutput.write(MilestoneTable.text(results) + "\n")
      return (
        results.converged,
        end.hasReport ? try SensitivityReport.build(results, folder: folder.path, jobs: threads.jobs) : []
      )
    }
    let results = try SensitivityRun(
      run, question: question, values: values, exposures: exposures, others: bands.others,
      experiments: bands.experiments
    ).results()
    try StandardOutput.write(SensitivityTable.text(results) + "\n")
    return (
      results.converged,
      end.hasReport ? try SensitivityReport.build(results, folder: folder.path, jobs: threads.jobs) : []
    )
  }

  /// A list of values, or a range with a step.
  private static func values(_ text: String, of key: String = "--values") throws -> [Double] {
    let list = text.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) ?? .nan }
    if list.allSatisfy(\.isFinite) { return list }
    let parts = text.split(separator: ":", omittingEmptySubsequences: false).map { Double($0) ?? .nan }
    guard parts.count == 3, parts.allSatisfy(\.isFinite), parts[0] <= parts[1], parts[2] > 0,
      (parts[1] - parts[0]) / parts[2] < 10_000
    else {
      throw NuTuneError(
        .usage, key: key, found: "“\(text)”",
        expected: "numbers with commas between them, or lo:hi:step with lo ≤ hi, step > 0 and at most 10000 values")
    }
    let steps = Int(((parts[1] - parts[0]) / parts[2] * (1 + 1e-12) + 1e-9).rounded(.down))
    return (0...steps).map { min(parts[0] + Double($0) * parts[2], parts[1]) }
  }

  /// The values that were asked for, or the usual ones; nil asks for milestones.
  private func trueValues(_ question: SensitivityQuestion?) throws -> [Double] {
    guard let text = values else {
      switch question {
      case .octant:
        return stride(from: 0.40, through: 0.601, by: 0.02).map { ($0 * 100).rounded() / 100 }.filter { $0 != 0.5 }
      case .cp, .ordering: return (-6...6).map { Double($0) * Double.pi / 6 }
      case .resolution: return try exposures.map { try Self.exposures($0) } ?? [0.25, 0.5, 1, 2, 4]
      case nil: return (-7...8).map { Double($0) * Double.pi / 8 }
      }
    }
    let values = try Self.values(text)
    if question == .resolution, let bad = values.first(where: { $0 <= 0 }) {
      throw NuTuneError(.usage, key: "--values", found: "an exposure of \(bad)", expected: "factors above zero")
    }
    // At maximal mixing there is no wrong octant.
    let asked = question == .octant ? values.filter { abs($0 - 0.5) > 1e-9 } : values
    guard !asked.isEmpty else {
      throw NuTuneError(.usage, key: "--values", found: "maximal mixing alone", expected: "a value with an octant")
    }
    return asked
  }

  /// The exposures that were asked for, nil for that of the study alone; those of resolutions are its values.
  private func askedExposures(_ question: SensitivityQuestion?) throws -> [Double]? {
    guard let text = exposures else { return question == nil ? (-4...2).map { pow(2, Double($0)) } : nil }
    let exposures = try Self.exposures(text)
    if question == .resolution {
      guard values == nil else {
        throw NuTuneError(
          .usage, key: "--exposures", found: "exposures beside --values, which are exposures of resolutions",
          expected: "one of both")
      }
      return nil
    }
    guard question != nil || exposures.count > 1 else {
      throw NuTuneError(
        .usage, key: "--exposures", found: "one exposure", expected: "at least two, between which milestones are found")
    }
    return exposures
  }

  /// What bands hold.
  private struct AskedBands {
    var others: [[String: Double]] = []
    var experiments = 0
  }

  /// The bands that were asked for.
  private func askedBands(_ question: SensitivityQuestion?) throws -> AskedBands {
    guard !over.isEmpty || experiments != 0 else { return AskedBands() }
    guard let question else {
      throw NuTuneError(
        .usage, key: over.isEmpty ? "--experiments" : "--over", found: "bands of milestones",
        expected: "a question of its own, \(SensitivityQuestion.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    guard over.isEmpty || experiments == 0 else {
      throw NuTuneError(
        .usage, key: "--experiments", found: "pseudo-experiments beside --over", expected: "bands of one kind")
    }
    guard experiments == 0 || (2...100_000).contains(experiments) else {
      throw NuTuneError(
        .usage, key: "--experiments", found: "\(experiments)", expected: "a number from 2 to 100000")
    }
    var others: [[String: Double]] = over.isEmpty ? [] : [[:]]
    for text in over {
      let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2 else {
        throw NuTuneError(.usage, key: "--over", found: "“\(text)”", expected: "name=a,b,c or name=lo:hi:step")
      }
      guard parts[0] != question.parameter, others.first?[parts[0]] == nil else {
        throw NuTuneError(
          .usage, key: "--over",
          found: parts[0] == question.parameter ? "the parameter of --values" : "“\(parts[0])” twice",
          expected: "another parameter")
      }
      let values = try Self.values(parts[1], of: "--over")
      others = others.flatMap { other in values.map { other.merging([parts[0]: $0]) { $1 } } }
    }
    guard others.count <= 10_000 else {
      throw NuTuneError(.usage, key: "--over", found: "\(others.count) combinations", expected: "at most 10000")
    }
    return AskedBands(others: others, experiments: experiments)
  }

  /// Exposures in increasing order, each once.
  private static func exposures(_ text: String) throws -> [Double] {
    let list = try values(text, of: "--exposures")
    if let bad = list.first(where: { $0 <= 0 }) {
      throw NuTuneError(.usage, key: "--exposures", found: "an exposure of \(bad)", expected: "factors above zero")
    }
    return Set(list).sorted()
  }
}

extension StudyConfiguration {
  /// Refuses true values that the oscillation model does not have.
  fileprivate func check(
    _ others: [[String: Double]], values: [Double], of question: SensitivityQuestion?, _ registry: Registry
  ) throws {
    let model: any OscillationModel = try oscillation.selection.make(registry)
    let (known, schema) = (model.fittableParameters, oscillation.selection.parameters.schema.declarations)
    for name in others.first?.keys.sorted() ?? [] where !known.contains(name) {
      throw NuTuneError(
        .usage, key: "--over", found: "the unknown parameter “\(name)”",
        expected: "one of \(known.joined(separator: ", "))", suggestion: Suggestion.nearest(to: name, among: known))
    }
    func check(_ changes: [String: Double], _ key: String) throws {
      for (name, value) in changes.sorted(by: { $0.key < $1.key }) {
        guard let declaration = schema.first(where: { $0.name == name }) else { continue }
        do {
          _ = try declaration.value(
            from: ConfigurationNode(.scalar("\(value)", quoted: false), at: SourceLocation(file: key)), key: name)
        } catch let error as NuTuneError {
          throw NuTuneError(.usage, key: "\(key) \(name)", found: error.found, expected: error.expected)
        }
      }
      do {
        _ = try model.setting(changes)
      } catch let error as NuTuneError {
        throw NuTuneError(.usage, key: "\(key) \(error.key ?? "")", found: error.found, expected: error.expected)
      }
    }
    for other in others { try check(other, "--over") }
    guard let name = question.map({ $0.parameter }) ?? "delta_cp", known.contains(name) else { return }
    for value in values { try check([name: value], "--values") }
  }

  /// Refuses questions that the fit of the study cannot answer.
  fileprivate func check(_ question: SensitivityQuestion) throws {
    guard truth != nil, farDetector != nil, !oscillation.fit.isEmpty else {
      throw NuTuneError(
        .badData, at: SourceLocation(file: path), key: "oscillation.fit",
        found: "a study without a fit of simulated far data",
        expected: "a truth, a far detector and oscillation.fit")
    }
    if let missing = question.fitted.first(where: { !oscillation.fit.contains($0) }) {
      throw NuTuneError(
        .badData, at: SourceLocation(file: path), key: "oscillation.fit",
        found: "[\(oscillation.fit.joined(separator: ", "))] without \(missing)",
        expected: "\(missing) among them, lest a value that is held answers the question")
    }
    if question == .cp, oscillation.fit.count < 2 {
      throw NuTuneError(
        .badData, at: SourceLocation(file: path), key: "oscillation.fit", found: "[delta_cp]",
        expected: "another parameter beside it")
    }
  }
}
