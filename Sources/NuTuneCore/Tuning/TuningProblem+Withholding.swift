extension TuningProblem {
  /// Divides the samples: those at some positions judge a training and are not trained on.
  ///
  /// - Parameter positions: near positions or measurements, by name.
  /// - Throws: `NuTuneError` for a name that no sample has, and where nothing would be left to train on or judges a neutrino
  ///   sign or target that nothing trains.
  public func withholding(_ positions: [String]) throws -> (problem: TuningProblem, judging: TuningProblem) {
    func refuse(_ found: String, _ expected: String) -> NuTuneError {
      NuTuneError(.badData, key: "training.stop_on", found: found, expected: expected)
    }
    let names = samples.map(\.sample.position)
    if let unknown = positions.first(where: { !names.contains($0) }) {
      throw refuse("“\(unknown)”, of which the model learns nothing", "some of \(names.joined(separator: ", "))")
    }
    var (problem, judging) = (self, self)
    problem.samples = samples.filter { !positions.contains($0.sample.position) }
    judging.samples = samples.filter { positions.contains($0.sample.position) }
    guard !problem.samples.isEmpty else { throw refuse("everything that the model learns from", "a part of it") }
    let trained = LearnedNucleus.all(of: problem.samples.map(\.sample.reaction))
    if let other = LearnedNucleus.all(of: judging.samples.map(\.sample.reaction)).first(where: { !trained.contains($0) }
    ) {
      throw refuse("\(other.name), of which nothing else is learned", "data of what is trained")
    }
    return (problem, judging)
  }
}
