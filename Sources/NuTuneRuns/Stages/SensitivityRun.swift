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

  /// Asks a question.
  ///
  /// - Parameters:
  ///   - run: the study in its folder.
  ///   - values: true values of the question's parameter, or factors on the exposure.
  package init(_ run: StudyRun, question: SensitivityQuestion, values: [Double]) {
    self.run = run
    self.question = question
    self.values = values
  }

  /// Tunes what is not tuned yet, fits, and writes `sensitivity/<question>.json`.
  package func results() throws -> SensitivityResults {
    try AtomicFile.makeFolder(run.folder.file("sensitivity"))
    let (analysis, models) = try run.prepareModels()
    let single = analysis.onThreads(1)
    let tasks = values.flatMap { value in models.map { (value: value, label: $0.label, model: $0.model) } }
    let question = question
    let report = run.report
    report(.began(stage: "sensitivity"))
    let clock = ContinuousClock()
    let start = clock.now
    let answers = try Parallel.map(tasks.count, threads: run.threads) { index in
      let task = tasks[index]
      let answer = try single.sensitivity(question, with: task.model.under(single.folded), at: task.value)
      let text = answer.values.sorted { $0.key < $1.key }.map { "\($0.key) \(ParameterValue.number($0.value))" }
      report(
        .note(
          "\(question.rawValue) at \(ParameterValue.number(task.value)), \(task.label): \(text.joined(separator: ", "))"
        ))
      return answer
    }
    report(.ended(stage: "sensitivity", seconds: (clock.now - start) / .seconds(1), reused: false))
    var points: [String: [SensitivityResults.Point]] = [:]
    for (task, answer) in zip(tasks, answers) {
      points[task.label, default: []].append(
        SensitivityResults.Point(value: task.value, results: answer.values, converged: answer.converged))
    }
    let results = SensitivityResults(
      study: run.study.effective, question: question.rawValue, parameter: question.parameter ?? "exposure",
      models: points)
    try run.folder.write(results, to: "sensitivity/\(question.rawValue).json")
    return results
  }
}
