import NuTuneCore

extension LearnedNucleus {
  /// The nuclei of some samples, each with those that data determine together with it because a sample is a sum of them.
  static func together(in samples: [TuningSample]) -> [[LearnedNucleus]] {
    let nuclei = all(of: samples.flatMap { $0.components.map(\.reaction) })
    var groups = nuclei.indices.map { [$0] }
    for sample in samples {
      func contributes(_ group: [Int]) -> Bool {
        group.contains { index in sample.components.contains { nuclei[index].serves($0.reaction) } }
      }
      groups = groups.filter { !contributes($0) } + [groups.filter(contributes).flatMap { $0 }.sorted()]
    }
    return groups.sorted { $0[0] < $1[0] }.map { $0.map { nuclei[$0] } }
  }
}
