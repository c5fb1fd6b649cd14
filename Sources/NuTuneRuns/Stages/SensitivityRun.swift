import Foundation
import NuTuneAnalysis
import NuTuneCatalog
import NuTuneCore
import NuTuneFiles
import NuTuneNumerics
import NuTuneResults
import NuTuneStatistics

/// A question to the far data of a study, asked at some true values with the true and with every learned cross section.
///
/// Models are tuned in the run folder as by `nutune run`, so stages that are finished there are taken over. Pseudo-experiments
/// have random streams of their own and are stored in the folder, so that a run that was killed goes on, and more of them can be
/// added.
package struct SensitivityRun: Sendable {
  let run: StudyRun
  let question: SensitivityQuestion
  let values: [Double]
  let exposures: [Double?]
  let others: [[String: Double]]
  let experiments: Int

  /// Asks a question.
  ///
  /// - Parameters:
  ///   - run: the study in its folder.
  ///   - values: true values of the question's parameter, or factors on the exposure.
  ///   - exposures: factors on the exposure of the study at each of which it is asked; that of the study when nil.
  ///   - others: true values of further parameters at which it is asked as well.
  ///   - experiments: pseudo-experiments at every value.
  package init(
    _ run: StudyRun, question: SensitivityQuestion, values: [Double], exposures: [Double]? = nil,
    others: [[String: Double]] = [], experiments: Int = 0
  ) {
    self.run = run
    self.question = question
    self.values = values
    self.exposures = exposures ?? [nil]
    self.others = others
    self.experiments = experiments
  }

  /// Where the question is asked with one model.
  private struct Place: Sendable {
    var exposure: Double?
    var value: Double
    var label: String
    var model: TunedModel
  }

  /// What is asked there at a time.
  private enum Part: Sendable {
    case study
    case other([String: Double])
    case experiments(Range<Int>)
  }

  /// Pseudo-experiments that are stored together.
  private static let together = 10

  /// Tunes what is not tuned yet, fits, and writes `sensitivity/<question>.json`.
  package func results() throws -> SensitivityResults {
    try AtomicFile.makeFolder(run.folder.file("sensitivity"))
    let (analysis, models) = try run.prepareModels(upTo: exposures.compactMap { $0 }.max() ?? 1)
    let single = analysis.onThreads(1)
    let places = exposures.flatMap { exposure in
      values.flatMap { value in
        models.map { Place(exposure: exposure, value: value, label: $0.label, model: $0.model) }
      }
    }
    let parts =
      [.study] + others.map { Part.other($0) }
      + stride(from: 0, to: experiments, by: Self.together).map {
        Part.experiments($0..<min($0 + Self.together, experiments))
      }
    let truth = models[0].model.under(single.folded)
    let digest = Digest.sha256(
      ([NuTuneVersion.build] + run.study.inputs(.coverage)).joined(separator: "\u{0}").utf8)
    let progress = ExperimentProgress(total: places.count * parts.count, stage: "sensitivity", report: run.report)
    let answers = try RunEvent.stage("sensitivity", run.report) {
      try Parallel.map(places.count * parts.count, threads: run.threads) { index in
        let (place, part) = (places[index / parts.count], parts[index % parts.count])
        let (found, isKnown) = try self.answers(part, place, single, truth: truth, digest: digest)
        progress.finished(reused: isKnown)
        return found
      }
    }.result
    var points: [String: [SensitivityResults.Point]] = [:]
    for (index, place) in places.enumerated() {
      let own = answers[index * parts.count..<(index + 1) * parts.count]
      points[place.label, default: []].append(point(place, Array(own)))
    }
    let results = SensitivityResults(
      study: run.study.effective, question: question.rawValue, parameter: question.parameter ?? "exposure",
      models: points)
    try run.folder.write(results, to: "sensitivity/\(question.rawValue).json")
    return results
  }

  /// Answers of one part, and whether they were stored before.
  private func answers(
    _ part: Part, _ place: Place, _ analysis: Analysis, truth: TunedModel, digest: String
  ) throws -> ([Analysis.SensitivityAnswer], isKnown: Bool) {
    let model = place.model.under(analysis.folded)
    let point =
      question.parameter.map {
        Analysis.SensitivityPoint(exposure: place.exposure ?? 1, truth: [$0: place.value])
      } ?? Analysis.SensitivityPoint(exposure: (place.exposure ?? 1) * place.value)
    switch part {
    case .study:
      let answer = try analysis.sensitivity(question, with: model, at: point)
      run.report(.note(Self.note(question, place.value, place.exposure, place.label, answer)))
      return ([answer], false)
    case .other(let values):
      var other = point
      other.truth.merge(values) { $1 }
      return ([try analysis.sensitivity(question, with: model, at: other)], false)
    case .experiments(let range):
      let stored = StoredAnswers(
        digest: Digest.sha256(
          "\(digest) \(analysis.options.questions) \(question.rawValue) \(point.exposure) \(point.truth.sorted { $0.key < $1.key }) \(place.label) \(range)"
            .utf8))
      if let known = stored.read(from: run.folder, count: range.count) { return (known, true) }
      let found = try analysis.sensitivities(question, with: model, truth: truth, at: point, experiments: range)
      try stored.write(found, to: run.folder)
      return (found, false)
    }
  }

  /// A point from the answers of its parts.
  private func point(_ place: Place, _ answers: [[Analysis.SensitivityAnswer]]) -> SensitivityResults.Point {
    var point = SensitivityResults.Point(
      value: place.value, exposure: place.exposure, results: answers[0][0].values, converged: answers[0][0].converged)
    if !others.isEmpty {
      point.others = zip(others, answers.dropFirst()).map { truth, answers in
        SensitivityResults.Other(truth: truth, results: answers[0].values, converged: answers[0].converged)
      }
    }
    if experiments > 0 {
      let all = answers.dropFirst(1 + others.count).flatMap { $0 }
      let good = all.filter(\.converged)
      let results = Dictionary(
        uniqueKeysWithValues: point.results.keys.map { name in (name, good.compactMap { $0.values[name] }) })
      point.experiments = SensitivityResults.Experiments(
        results: results, notConverged: all.count - good.count,
        quantiles: results.compactMapValues { $0.isEmpty ? nil : Self.quantiles($0) })
    }
    return point
  }

  /// On average the k-th of n answers has the share k/(n+1) below it.
  private static func quantiles(_ answers: [Double]) -> [Double] {
    let sorted = answers.sorted()
    return SensitivityResults.Experiments.shares.map {
      OrderStatistics.value(sorted, at: $0 * Double(sorted.count + 1))
    }
  }

  /// A line about one answer for the log.
  static func note(
    _ question: SensitivityQuestion, _ value: Double, _ exposure: Double?, _ label: String,
    _ answer: Analysis.SensitivityAnswer
  ) -> String {
    let place = exposure.map { ", \(ParameterValue.number($0)) × exposure" } ?? ""
    let text = answer.values.sorted { $0.key < $1.key }.map { "\($0.key) \(ParameterValue.number($0.value))" }
    return "\(question.rawValue) at \(ParameterValue.number(value))\(place), \(label): \(text.joined(separator: ", "))"
  }
}
