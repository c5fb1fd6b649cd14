import NuTuneCore
import Synchronization

/// What is wrong with a plugin of these tests: a parameter of it, one value for each promise that it can break.
protocol FaultNames: RawRepresentable, CaseIterable, Sendable where RawValue == String {}

extension FaultNames {
  /// The parameter by which a fault is chosen.
  static var declaration: ParameterDeclaration {
    ParameterDeclaration(
      "fault", default: .text("none"), .choice(allCases.map(\.rawValue)), "what is wrong with the plugin")
  }

  /// The fault that was chosen.
  init(_ configuration: PluginConfiguration) {
    self = Self(rawValue: configuration.parameters.text("fault"))!
  }
}

/// Counts calls, over all threads.
enum Calls {
  private static let count = Atomic(0)

  /// One more.
  static func next() -> Int { count.wrappingAdd(1, ordering: .relaxed).newValue }
}

/// An error that says nothing of what was found or expected.
struct Speechless: Error {}

/// A refusal as plugins should make it.
func refusal(_ what: String) -> NuTuneError { NuTuneError(.badData, found: what, expected: "something else") }
