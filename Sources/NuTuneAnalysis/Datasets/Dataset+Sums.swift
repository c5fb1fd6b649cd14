import NuTuneCore

extension Dataset {
  /// Whether it is a component of a sample that is measured under another name.
  var isComponent: Bool { measuredAs != sample.name }

  /// The near sample that is measured: its own, or the sum that it is a component of.
  var measuredSample: Sample {
    guard isComponent else { return sample }
    var whole = sample
    let site = "\(sample.site.rawValue)-"
    whole.component = measuredAs.hasPrefix(site) ? String(measuredAs.dropFirst(site.count)) : measuredAs
    return whole
  }
}

extension SampleData {
  /// Bin contents in a unit that simulated samples of one exposure have in common: events, or rates where they are infinitely
  /// many.
  var comparable: [Double] { rate.map { rate in contents.map { $0 * rate } } ?? contents }

  /// Data of a sample whose leptons are not told apart, of the data of its components.
  ///
  /// - Parameters:
  ///   - components: drawn independently, in the same bins and of the same exposure; at least one.
  ///   - name: name of the sum.
  ///   - truth: its expectation in any normalisation, shape [bins]; nil where none is needed.
  static func sum(_ components: [SampleData], named name: String, truth: [Double]? = nil) -> SampleData {
    var contents = [Double](repeating: 0, count: components[0].contents.count)
    for component in components {
      for (bin, value) in component.comparable.enumerated() { contents[bin] += value }
    }
    let total = contents.reduce(0, +)
    let isCounted = components.allSatisfy { $0.events != nil }
    let expected = truth?.reduce(0, +) ?? 1
    return SampleData(
      name: name, truth: truth.map { $0.map { $0 / expected } },
      contents: isCounted ? contents : contents.map { $0 / total }, events: isCounted ? total : nil,
      rate: isCounted ? nil : total)
  }

  /// Data of several samples of one exposure as one whose bins follow one another.
  static func joining(_ samples: [SampleData], named name: String) -> SampleData {
    let events = samples.compactMap(\.events)
    return SampleData(
      name: name, contents: samples.flatMap(\.comparable),
      events: events.count == samples.count ? events.reduce(0, +) : nil)
  }
}

extension AnalysisOptions {
  /// Refuses a model that would learn from some components of a sample that is a sum.
  func checkWholeSums(of label: String, in near: [FoldedDataset]) throws {
    for members in MeasuredVector.samples(of: near) {
      let learned = members.filter { learns(label, from: near[$0].dataset) }
      guard !learned.isEmpty, learned.count < members.count else { continue }
      let first = near[members[0]]
      throw NuTuneError(
        .badData, at: first.place, key: first.dataset.measuredAs,
        found: "“\(label)” learns from \(learned.map { near[$0].sample.name }.joined(separator: ", ")) alone",
        expected: "all that it is a sum of, \(members.map { near[$0].sample.name }.joined(separator: ", "))")
    }
  }
}
