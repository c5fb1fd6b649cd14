import NuTuneAnalysis
import NuTuneCatalog
import NuTuneCore
import NuTuneFiles
import NuTuneNumerics
import NuTuneResults

/// A question to the far data of a study, asked at some true values with the true and with every learned cross section.
///
/// Models are tuned in the run folder as by `nutune run`, so stages that are finished there are taken over.
package struct SensitivityRun: Sendable {
  let run: StudyRun
  let question: SensitivityQuestion
  let values: [Double]
  let exposures: [Double?]

  /// Asks a question.
  ///
  /// - Parameters:
  ///   - run: the study in its folder.
  ///   - values: true values of the question's parameter, or factors on the exposure.
  ///   - exposures: factors on the exposure of the study at each of which it is asked; that of the study when nil.
  package init(_ run: StudyRun, question: SensitivityQuestion, values: [Double], exposures: [Double]? = nil) {
    self.run = run
    self.question = question
    self.values = values
    self.exposures = exposures ?? [nil]
  }

  /// A fit to make.
  private struct Task {
    var exposure: Double?
    var value: Double
    var label: String
    var model: TunedModel
  }

  /// Tunes what is not tuned yet, fits, and writes `sensitivity/<question>.json`.
  package func results() throws -> SensitivityResults {
    try AtomicFile.makeFolder(run.folder.file("sensitivity"))
    let (analysis, models) = try run.prepareModels(upTo: exposures.compactMap { $0 }.max() ?? 1)
    let single = analysis.onThreads(1)
    let tasks = exposures.flatMap { exposure in
      values.flatMap { value in
        models.map { Task(exposure: exposure, value: value, label: $0.label, model: $0.model) }
      }
    }
    let question = question
    let report = run.report
    let answers = try RunEvent.stage("sensitivity", report) {
      try Parallel.map(tasks.count, threads: run.threads) { index in
        let task = tasks[index]
        let answer = try single.sensitivity(
          question, with: task.model.under(single.folded), at: task.value, exposure: task.exposure ?? 1)
        report(.note(Self.note(question, task.value, task.exposure, task.label, answer)))
        return answer
      }
    }.result
    var points: [String: [SensitivityResults.Point]] = [:]
    for (task, answer) in zip(tasks, answers) {
      points[task.label, default: []].append(
        SensitivityResults.Point(
          value: task.value, exposure: task.exposure, results: answer.values, converged: answer.converged))
    }
    let results = SensitivityResults(
      study: run.study.effective, question: question.rawValue, parameter: question.parameter ?? "exposure",
      models: points)
    try run.folder.write(results, to: "sensitivity/\(question.rawValue).json")
    return results
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
