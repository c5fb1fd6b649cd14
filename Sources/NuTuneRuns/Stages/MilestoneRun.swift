import Foundation
import NuTuneAnalysis
import NuTuneCatalog
import NuTuneCore
import NuTuneFiles
import NuTuneNumerics
import NuTuneResults

/// The exposures at which the far data of a study reach milestones, with the true and with every learned cross section.
///
/// Models are tuned in the run folder as by `nutune run`, so stages that are finished there are taken over.
package struct MilestoneRun: Sendable {
  let run: StudyRun
  let exposures: [Double]
  let deltas: [Double]

  /// Looks for milestones.
  ///
  /// - Parameters:
  ///   - run: the study in its folder.
  ///   - exposures: factors on the exposure of the study, increasing.
  ///   - deltas: true values of δ_CP around the circle, in radians; those that a milestone names are added.
  package init(_ run: StudyRun, exposures: [Double], deltas: [Double]) {
    self.run = run
    self.exposures = exposures
    self.deltas = deltas
  }

  /// A fit to make.
  private struct Task {
    var question: SensitivityQuestion
    var exposure: Double
    var delta: Double
    var label: String
    var model: TunedModel
  }

  /// The milestones that the fit of the study can reach.
  private var milestones: [Milestone] {
    let fitted = run.study.oscillation.fit
    return Milestone.all.filter { milestone in
      (milestone.question.fitted + (milestone.parameter.map { [$0] } ?? [])).allSatisfy(fitted.contains)
    }
  }

  /// The true values of δ_CP at which a question is asked.
  private func deltas(of question: SensitivityQuestion) -> [Double] {
    let own = milestones.filter { $0.question == question }.compactMap { milestone -> Double? in
      if case .at(let delta) = milestone.place { delta } else { nil }
    }
    let all = question == .resolution ? own : deltas + own
    return all.enumerated().filter { index, delta in
      !all[..<index].contains { abs((delta - $0).remainder(dividingBy: 2 * .pi)) < 1e-9 }
    }.map(\.element)
  }

  /// Tunes what is not tuned yet, fits, and writes `sensitivity/milestones.json`.
  package func results() throws -> MilestoneResults {
    try AtomicFile.makeFolder(run.folder.file("sensitivity"))
    let (analysis, models) = try run.prepareModels(upTo: exposures.max() ?? 1)
    let single = analysis.onThreads(1)
    let questions = SensitivityQuestion.allCases.filter { question in
      milestones.contains { $0.question == question }
    }
    let tasks = questions.flatMap { question in
      exposures.flatMap { exposure in
        deltas(of: question).flatMap { delta in
          models.map {
            Task(question: question, exposure: exposure, delta: delta, label: $0.label, model: $0.model)
          }
        }
      }
    }
    let report = run.report
    let answers = try RunEvent.stage("sensitivity", report) {
      try Parallel.map(tasks.count, threads: run.threads) { index in
        let task = tasks[index]
        let answer = try single.sensitivity(
          task.question, with: task.model.under(single.folded),
          at: .init(exposure: task.exposure, truth: ["delta_cp": task.delta]))
        report(.note(SensitivityRun.note(task.question, task.delta, task.exposure, task.label, answer)))
        return answer
      }
    }.result
    var points: [String: [String: [SensitivityResults.Point]]] = [:]
    for (task, answer) in zip(tasks, answers) {
      points[task.question.rawValue, default: [:]][task.label, default: []].append(
        SensitivityResults.Point(
          value: task.delta, exposure: task.exposure, results: answer.values, converged: answer.converged))
    }
    let results = MilestoneResults(
      study: run.study.effective, exposures: exposures,
      milestones: milestones.map { reached($0, points[$0.question.rawValue] ?? [:]) }, answers: points)
    try run.folder.write(results, to: "sensitivity/milestones.json")
    return results
  }

  /// A milestone with each model, from the answers to its question by label.
  private func reached(_ milestone: Milestone, _ answers: [String: [SensitivityResults.Point]])
    -> MilestoneResults.Milestone
  {
    let name = milestone.parameter ?? Analysis.wrongAnswer
    let models = answers.compactMapValues { points -> MilestoneResults.Reach? in
      let quantities = exposures.compactMap { exposure -> (exposure: Double, quantity: Double)? in
        let own = points.filter { $0.exposure == exposure }.compactMap { point in
          point.results[name].map { (delta: point.value, value: $0) }
        }
        return milestone.quantity(of: own).map { (exposure, $0) }
      }
      guard quantities.count == exposures.count, let exposure = milestone.exposure(of: quantities) else { return nil }
      let values = quantities.map(\.quantity)
      switch exposure {
      case .at(let exposure): return .init(exposure: exposure, limit: nil, quantities: values)
      case .below(let exposure): return .init(exposure: exposure, limit: .below, quantities: values)
      case .above(let exposure): return .init(exposure: exposure, limit: .above, quantities: values)
      }
    }
    return .init(name: milestone.name, title: milestone.title, level: milestone.level, models: models)
  }
}
