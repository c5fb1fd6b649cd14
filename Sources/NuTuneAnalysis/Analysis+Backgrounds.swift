import NuTuneCore

extension Analysis {
  /// Refuses backgrounds that are no histograms of a far sample.
  static func check(_ backgrounds: [Background], of datasets: [Dataset]) throws {
    for (index, background) in backgrounds.enumerated() {
      func refuse(_ found: String, _ expected: String) -> NuTuneError {
        NuTuneError(
          .badData, key: "background \(background.name) of \(background.sample)", found: found, expected: expected)
      }
      guard
        let dataset = datasets.first(where: { $0.baseline != nil && $0.measuredAs == background.sample })
      else { throw refuse("no such sample", "the name of a measured far sample") }
      let bins = dataset.sample.binning.count
      guard background.events.count == bins else {
        throw refuse("\(background.events.count) contents", "\(bins), one for each bin of the sample")
      }
      guard background.events.allSatisfy({ $0 >= 0 && $0.isFinite }), background.total > 0, background.total.isFinite
      else { throw refuse("contents that are negative, not finite or all zero", "expected events in each bin") }
      guard background.sigma >= 0, background.sigma.isFinite else {
        throw refuse("a relative uncertainty of \(background.sigma)", "a number that is not negative")
      }
      guard !backgrounds[..<index].contains(where: { $0.sample == background.sample && $0.name == background.name })
      else { throw refuse("two backgrounds of this name", "names that differ within a sample") }
    }
  }

  /// Far data with those of the backgrounds of simulated samples, which their first components keep.
  func withBackgrounds(_ data: [SampleData], _ simulation: DataSimulation) throws -> [SampleData] {
    var data = data
    for background in options.backgrounds {
      guard let first = folded.far.firstIndex(where: { $0.dataset.measuredAs == background.sample }),
        folded.far[first].dataset.observation.isSimulated
      else { continue }
      data[first].backgrounds = (data[first].backgrounds ?? [:])
        .merging([background.name: try simulation.contents(of: background)]) { $1 }
    }
    return data
  }

  /// Names of the datasets that belong to sums, of components or with backgrounds.
  func isSum(_ sample: String) -> Bool {
    folded.far.count { $0.dataset.measuredAs == sample } > 1 || options.backgrounds.contains { $0.sample == sample }
  }
}
