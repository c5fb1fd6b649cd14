import NuTuneCore
import NuTuneFiles

extension SampleData: ReadBack {
  /// Refuses contents that are no data of one sample.
  package func check() throws {
    try ReadBackCheck.require(!contents.isEmpty, "contents", "no bins", "at least one")
    if let truth {
      try ReadBackCheck.count(contents, truth.count, "contents", "as many as truth has")
      try ReadBackCheck.probabilities(truth, "truth")
    }
    // Measured values may be negative.
    if truth != nil || events != nil { try ReadBackCheck.probabilities(contents, "contents") }
    for (name, events) in (backgrounds ?? [:]).sorted(by: { $0.key < $1.key }) {
      try ReadBackCheck.count(events, contents.count, "backgrounds.\(name)", "as many as contents has")
      try ReadBackCheck.require(
        events.allSatisfy { $0 >= 0 && $0.isFinite }, "backgrounds.\(name)", "a content that is negative or not finite",
        "events in each bin")
    }
    // A sample without an event has empty bins.
    for (key, values, mayBeEmpty) in [("truth", truth ?? [1], false), ("contents", contents, events == 0)] {
      let sum = values.reduce(0, +)
      try ReadBackCheck.require(sum.isFinite && (sum > 0 || mayBeEmpty), key, "a sum of \(sum)", "a positive one")
    }
    try ReadBackCheck.require(
      events.map { $0.isFinite && $0 >= 0 } ?? true, "events", "\(events ?? 0)",
      "a number that is not negative, or none for infinite")
  }
}

extension SampleData {
  /// Checks several; `key` is where they stand.
  package static func check(_ samples: [SampleData], key: String) throws {
    for (index, sample) in samples.enumerated() {
      do {
        try sample.check()
      } catch var error as NuTuneError {
        error.key = [key.isEmpty ? nil : key, "\(index)", error.key].compactMap { $0 }.joined(separator: ".")
        throw error
      }
    }
  }
}
