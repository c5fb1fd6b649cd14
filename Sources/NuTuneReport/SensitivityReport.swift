import Foundation
import NuTuneCore
import NuTuneFiles
import NuTuneResults

/// The figure of a sensitivity, beside those of the run.
package enum SensitivityReport {
  /// Draws the figure into `sensitivity/figures/` of a run folder, beside the figures of the run; returns the paths of its documents.
  ///
  /// - Parameters:
  ///   - folder: The run folder.
  ///   - jobs: Largest number of gnuplot processes at a time.
  ///   - environment: Environment with the `PATH` on which gnuplot is found.
  package static func build(
    _ results: SensitivityResults, folder: String, jobs: Int,
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws -> [String] {
    try write(SensitivityFigure(results).figure, of: results.question, folder, jobs, environment)
  }

  /// Draws the figure of milestones into `sensitivity/milestones/figures/`; returns the paths of its documents.
  package static func build(
    _ results: MilestoneResults, folder: String, jobs: Int,
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws -> [String] {
    try write(MilestoneFigure(results: results).figure, of: milestones, folder, jobs, environment)
  }

  /// Draws the figures of all questions that were asked in a run folder; returns whether there are any.
  static func rebuild(folder: String, jobs: Int) throws -> Bool {
    let files = try Self.files(in: folder)
    for (question, path) in files {
      if question == milestones {
        _ = try build(try milestones(at: path), folder: folder, jobs: jobs)
      } else {
        _ = try build(try results(at: path), folder: folder, jobs: jobs)
      }
    }
    return !files.isEmpty
  }

  /// Reads and checks the answers to a question.
  static func results(at path: String) throws -> SensitivityResults {
    try checked(
      try ResultFile.read(
        SensitivityResults.self, schema: SensitivityResults.schemaName, from: path, madeBy: "nutune sensitivity"), path)
  }

  /// Reads and checks milestones.
  static func milestones(at path: String) throws -> MilestoneResults {
    try checked(
      try ResultFile.read(
        MilestoneResults.self, schema: MilestoneResults.schemaName, from: path, madeBy: "nutune sensitivity"), path)
  }

  private static func checked<Content: ReadBack>(_ content: Content, _ path: String) throws -> Content {
    do {
      try content.check()
    } catch let error as NuTuneError {
      throw error.located(at: SourceLocation(file: path))
    }
    return content
  }

  /// The results of all questions that were asked in a run folder, with their paths.
  static func files(in folder: String) throws -> [(question: String, path: String)] {
    let known = ["octant", "cp", "ordering", "resolution", milestones]
    return known.compactMap { question in
      let path = FilePath.join(folder, "sensitivity/\(question).json")
      return FilePath.exists(path) ? (question, path) : nil
    }
  }

  /// The name of milestones among the questions.
  package static let milestones = "milestones"

  private static func write(
    _ figure: Figure, of question: String, _ folder: String, _ jobs: Int, _ environment: [String: String]
  ) throws -> [String] {
    let folder = FilePath.join(folder, "sensitivity/\(question)")
    try AtomicFile.makeFolder(folder)
    _ = try FigureFiles(
      folder: folder, started: "", gnuplot: try Gnuplot(environment: environment), jobs: jobs
    ).write([figure], progress: nil)
    return ["pdf", "csv"].map { FilePath.join(folder, "figures/\(figure.name).\($0)") }
  }
}
