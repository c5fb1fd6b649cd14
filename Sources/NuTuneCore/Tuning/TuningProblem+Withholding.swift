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
    let names = samples.flatMap(\.positions)
    if let unknown = positions.first(where: { !names.contains($0) }) {
      throw refuse("“\(unknown)”, of which the model learns nothing", "some of \(names.joined(separator: ", "))")
    }
    let isWithheld = try samples.map { sample in
      let own = Set(sample.positions.map(positions.contains))
      guard own.count == 1 else {
        throw refuse("a part of \(sample.sample.position)", "all, because they share errors")
      }
      return own.contains(true)
    }
    var (problem, judging) = (self, self)
    problem.samples = zip(samples, isWithheld).filter { !$0.1 }.map(\.0)
    judging.samples = zip(samples, isWithheld).filter(\.1).map(\.0)
    guard !problem.samples.isEmpty else { throw refuse("everything that the model learns from", "a part of it") }
    let trained = LearnedNucleus.all(of: problem.reactions)
    if let other = LearnedNucleus.all(of: judging.reactions).first(where: { !trained.contains($0) }
    ) {
      throw refuse("\(other.name), of which nothing else is learned", "data of what is trained")
    }
    return (problem, judging)
  }
}
