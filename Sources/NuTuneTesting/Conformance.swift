import NuTuneCore

/// Checks that a plugin keeps the promises of the protocol of `NuTuneCore` to which it conforms.
///
/// In a plugin's own tests:
///
///     @Test func conforms() {
///       let report = Conformance.report(on: MyModel.self)
///       #expect(report.conforms, "\(report)")
///     }
public enum Conformance {
  /// Checks a plugin with its default parameters, or with some changed.
  ///
  /// - Parameters:
  ///   - type: the plugin.
  ///   - parameters: values of declared parameters, including those without a default.
  ///   - components: types of the plugins that it is made of, made with their default parameters, by name.
  ///   - directory: folder to which file names in parameters refer.
  ///   - observer: called at the beginning and end of every check.
  public static func report(
    on type: any Plugin.Type, parameters: [String: ParameterValue] = [:],
    components: [String: any Plugin.Type] = [:], directory: String = ".",
    observer: @escaping ConformanceObserver = { _ in }
  ) -> ConformanceReport {
    var checklist = Checklist(observer: observer)
    let descriptor = type.descriptor
    checklist.checkDescriptor(descriptor)
    let subject = Subject(type: type, changes: parameters, directory: directory, components: components)
    let missing = descriptor.parameters.declarations.filter { $0.isRequired && parameters[$0.name] == nil }.map(\.name)
    if missing.isEmpty {
      checklist.checkBehaviour(of: subject)
    } else {
      checklist.skip("behaviour", because: "needs a value for \(missing.joined(separator: ", "))")
    }
    return ConformanceReport(kind: descriptor.kind, name: descriptor.name, checks: checklist.checks)
  }
}

extension Checklist {
  /// Checks the behaviour of a plugin of any kind.
  fileprivate mutating func checkBehaviour(of subject: Subject) {
    guard let plugin = check("can be made", { try subject.make() }) else { return }
    switch plugin {
    case let model as any CrossSectionModel: checkCrossSection(model, subject)
    case let flux as any FluxProvider: checkFlux(flux, subject)
    case let detector as any Detector: checkDetector(detector, subject)
    case let oscillation as any OscillationModel: checkOscillation(oscillation, subject)
    default:
      check("is of its kind") {
        throw broken(found: "the type \(type(of: plugin))", expected: "a \(subject.type.descriptor.kind.rawValue)")
      }
    }
  }
}
