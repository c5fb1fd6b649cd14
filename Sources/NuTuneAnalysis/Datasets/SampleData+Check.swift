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

/// The data of all samples of a site, as a stage keeps them.
package struct SampleDataFile: Codable, Sendable, ReadBack {
  var samples: [SampleData]

  init(_ samples: [SampleData]) { self.samples = samples }

  package init(from decoder: any Decoder) throws {
    samples = try decoder.singleValueContainer().decode([SampleData].self)
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(samples)
  }

  package func check() throws { try SampleData.check(samples, key: "") }

  /// Refuses data of other samples, or in other bins.
  package func of(_ folded: [FoldedDataset], path: String) throws -> [SampleData] {
    do {
      try ReadBackCheck.count(samples, folded.count, "samples", "one for each sample of the study")
      for (index, (data, folded)) in zip(samples, folded).enumerated() {
        let sample = folded.sample
        try ReadBackCheck.require(data.name == sample.name, "\(index).name", "“\(data.name)”", "“\(sample.name)”")
        try ReadBackCheck.count(data.contents, sample.binning.count, "\(index).contents", "one for each bin")
      }
    } catch let error as NuTuneError {
      throw error.located(at: SourceLocation(file: path))
    }
    return samples
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
