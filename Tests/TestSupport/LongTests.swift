import Foundation

/// Tests that take longer than what they add on an ordinary day: long trainings, and sweeps over more cases of what other
/// tests hold with fewer. `make test-long` runs them.
package enum LongTests {
  /// Whether they were asked for.
  package static let areAsked = ProcessInfo.processInfo.environment["NUTUNE_LONG_TESTS"] != nil
}
