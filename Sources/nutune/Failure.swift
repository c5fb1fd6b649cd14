import ArgumentParser
import NuTuneCatalog
import NuTuneCore

/// Message and exit code of an error; the only place where the command line renders errors.
struct Failure {
  private let error: any Error

  init(_ error: any Error) {
    self.error = error
  }

  /// Prints to standard error (help and version to standard output) and returns the exit code.
  func report() -> Int32 {
    switch error {
    case is BrokenPipe: return 0
    case let code as ExitCode: return code.rawValue
    case is NuTuneError, is NuTuneErrors: return report(problems)
    default: break
    }
    let code = Nutune.exitCode(for: error)
    if code == .success {
      do {
        try StandardOutput.write(HelpText.wrapped(Nutune.fullMessage(for: error)) + "\n")
        return 0
      } catch {
        return Failure(error).report()
      }
    }
    if code == .validationFailure {
      Self.printError(Nutune.message(for: error))
      let usage = Nutune.fullMessage(for: error).split(separator: "\n").drop { !$0.hasPrefix("Usage:") }
      StandardError.write(HelpText.wrapped(usage.joined(separator: "\n")) + "\n")
      return NuTuneError.Category.usage.rawValue
    }
    return report(problems)
  }

  private var problems: NuTuneErrors {
    var problems = NuTuneErrors()
    problems.add(error)
    return problems
  }

  private func report(_ problems: NuTuneErrors) -> Int32 {
    for error in problems.errors { Self.printError(error.description) }
    if let remark = problems.remark { StandardError.note(remark) }
    return problems.category.rawValue
  }

  private static func printError(_ text: String) {
    StandardError.write("nutune: error: \(PrintableText.line(text, limit: 6000))\n")
  }
}

/// Interprets the words of the command line: mistakes in them are mistakes of usage, not of a file.
func interpreting<Result>(_ body: () throws -> Result) throws -> Result {
  do {
    return try body()
  } catch {
    var problems = NuTuneErrors()
    problems.add(error)
    var usage = NuTuneErrors()
    for var problem in problems.errors {
      let isFromFile = problem.location.map { $0.file != StudyOverride.file } ?? false
      if problem.category == .badData, !isFromFile { problem.category = .usage }
      usage.add(problem)
    }
    try usage.throwIfAny()
    throw error
  }
}
