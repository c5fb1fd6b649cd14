/// The complete input of a tuning; it reads no files and prints nothing.
public struct TuningProblem: Sendable {
  /// The nodes at which structure functions are sampled, common to all samples.
  public var nodes: InvariantPoints
  /// The data.
  public var samples: [TuningSample]
  /// Numbers of the detectors' response that are fitted with the model, common to all samples that follow them.
  public var responseParameters: [ResponseParameter] = []
  /// Seed of the model's own random numbers.
  public var seed: UInt64
  /// Number of threads; results do not depend on it.
  public var threads: Int
  /// Store of unfinished work, so that a killed run continues.
  public var checkpoint: any CheckpointStore
  /// Called now and then with the progress of the tuning.
  public var progress: @Sendable (TuningProgress) -> Void

  /// Creates a problem.
  public init(
    nodes: InvariantPoints, samples: [TuningSample], seed: UInt64, threads: Int,
    checkpoint: any CheckpointStore = NoCheckpoint(), progress: @escaping @Sendable (TuningProgress) -> Void = { _ in }
  ) {
    self.nodes = nodes
    self.samples = samples
    self.seed = seed
    self.threads = threads
    self.checkpoint = checkpoint
    self.progress = progress
  }
}

extension TuningProblem {
  /// Weights of the samples' terms in the loss, sum one: by events, or by the scales of their own terms; equal weights
  /// where all are shapes with infinitely many events.
  public var sampleWeights: [Double] {
    let scales = samples.map { $0.term?.scale ?? $0.events }
    let finite = scales.compactMap { $0 }
    guard finite.count == samples.count else { return samples.map { _ in 1 / Double(samples.count) } }
    let total = finite.reduce(0, +)
    return finite.map { $0 / total }
  }

  /// The reactions of all components of the samples.
  public var reactions: [Reaction] { samples.flatMap { $0.components.map(\.reaction) } }

  /// Refuses samples that are sums of components.
  ///
  /// - Parameter model: the model that learns none, for the error.
  public func requirePureSamples(for model: String) throws {
    guard let sum = samples.first(where: { !$0.others.isEmpty }) else { return }
    throw NuTuneError(
      .badData, key: sum.sample.name,
      found: "a sum of \(sum.components.map(\.reaction.species.rawValue).joined(separator: ", "))",
      expected: "samples of one neutrino species, which is what \(model) learns from")
  }

  /// Whether numbers of the detectors' response are fitted.
  public var followsResponse: Bool { !responseParameters.isEmpty }

  /// Displacements of the response parameters where fits start; none where none are fitted.
  public var startingResponse: [Double] { followsResponse ? responseParameters.map(\.start) : [] }
}
