import Foundation
import NuTuneCatalog
import NuTuneCore
import NuTuneResults
import NuTuneTesting

/// Runs the conformance suite on the plugins of a library in another process, and reports its progress.
package struct PluginExamination: Sendable {
  /// Prefix of the lines in which the other process reports checks.
  private static let mark = "nutune-check"
  /// Time limit of the suite when ``PluginProbe/timeLimitVariable`` is not set, seconds.
  private static let usualTimeLimit = 1800.0

  private let probe: PluginProbe
  private let locator: PluginLocator

  /// Creates an examination.
  package init(probe: PluginProbe, locator: PluginLocator = PluginLocator()) {
    self.probe = probe
    self.locator = locator
  }

  /// Returns the reports on all plugins of a library, in the order in which it registers them. A library that cannot be
  /// loaded is an error; a plugin that ends the process has failed the current check.
  ///
  /// - Parameters:
  ///   - registry: the known plugins, whose names are taken.
  ///   - changes: `parameter=value` for plugins that declare the parameter.
  package func reports(on library: PluginReference, beside registry: Registry, changes: [String]) throws
    -> (path: String, reports: [ConformanceReport])
  {
    let path = try locator.path(of: library)
    try probe.check(path)
    let plugins = try LoadedPlugins(path: path)
    var registry = registry
    try plugins.register(in: &registry)
    _ = try Self.parameters(of: plugins.types, changes: changes)
    let options = changes.flatMap { ["--set", $0] }
    let outcome = try probe.run(["plugin", "examine", path] + options, seconds: Self.usualTimeLimit)
    var reports = plugins.types.map {
      ConformanceReport(kind: $0.descriptor.kind, name: $0.descriptor.name, checks: [])
    }
    var open: (plugin: Int, check: String)?
    for line in outcome.lines {
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      guard fields.count == 5, fields[0] == Self.mark, let plugin = Int(fields[1]), reports.indices.contains(plugin)
      else { continue }
      guard let outcome = ConformanceReport.Outcome(fields[3], sentence: fields[4]) else {
        open = (plugin, fields[2])
        continue
      }
      reports[plugin].checks.append(ConformanceReport.Check(name: fields[2], outcome: outcome))
      open = nil
    }
    if let trouble = outcome.trouble {
      let place = open ?? (max(0, reports.lastIndex { !$0.checks.isEmpty } ?? 0), "the end of the checks")
      reports[place.plugin].checks.append(
        ConformanceReport.Check(
          name: place.check,
          outcome: .failed("found a plugin that \(trouble); expected one that leaves the program running")))
    }
    return (path, reports)
  }

  /// Runs the suite in the other process and writes its progress.
  ///
  /// - Parameter write: writes a line at once, so that it is not lost when the process ends.
  package static func examine(_ path: String, changes: [String], write: @escaping @Sendable (String) -> Void) throws {
    let types = try LoadedPlugins(path: path).types
    let parameters = try parameters(of: types, changes: changes)
    for (index, type) in types.enumerated() {
      @Sendable func tell(_ check: String, _ word: String, _ sentence: String) {
        let fields = [mark, "\(index)", check, word, sentence]
        write(fields.map { $0.replacing("\t", with: " ").replacing("\n", with: " ") }.joined(separator: "\t"))
      }
      _ = Conformance.report(on: type, parameters: parameters[index]) { event in
        switch event {
        case .began(let check): tell(check, "began", "")
        case .ended(let check): tell(check.name, check.outcome.word, check.outcome.sentence)
        }
      }
    }
  }

  /// Returns the given values of each plugin's parameters. A parameter that no plugin has is an exit-64 error.
  private static func parameters(of types: [any Plugin.Type], changes: [String]) throws -> [[String: ParameterValue]] {
    var values = [[String: ParameterValue]](repeating: [:], count: types.count)
    let declarations = types.map { $0.descriptor.parameters }
    let names = declarations.flatMap { $0.declarations.map(\.name) }
    for text in changes {
      let change = try StudyOverride(text)
      let name = change.path.joined(separator: ".")
      guard names.contains(name) else {
        throw NuTuneError(
          .usage, at: SourceLocation(file: StudyOverride.file), key: name, found: "an unknown parameter",
          expected: names.isEmpty ? "none" : "one of \(names.joined(separator: ", "))",
          suggestion: Suggestion.nearest(to: name, among: names))
      }
      for (index, schema) in declarations.enumerated() {
        guard let declaration = schema.declaration(named: name) else { continue }
        values[index][name] = try declaration.value(from: change.value, key: name)
      }
    }
    return values
  }
}

extension ConformanceReport.Outcome {
  fileprivate init?(_ word: String, sentence: String) {
    switch word {
    case "passed": self = .passed
    case "warned": self = .warned(sentence)
    case "failed": self = .failed(sentence)
    case "skipped": self = .skipped(sentence)
    default: return nil
    }
  }

  fileprivate var word: String {
    switch self {
    case .passed: "passed"
    case .warned: "warned"
    case .failed: "failed"
    case .skipped: "skipped"
    }
  }

  fileprivate var sentence: String {
    switch self {
    case .passed: ""
    case .warned(let sentence), .failed(let sentence), .skipped(let sentence): sentence
    }
  }
}
