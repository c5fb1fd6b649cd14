import NuTuneCore
import NuTuneFiles

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
