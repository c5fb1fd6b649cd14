/// Data of one near-detector sample and the way to predict it.
public struct TuningSample: Sendable {
  /// Which sample.
  public var sample: Sample
  /// Measured (or expected) bin probabilities, shape [bins], sum one.
  public var probabilities: [Double]
  /// Number of events behind the probabilities; nil means infinite.
  public var events: Double?
  /// From node values to rates in these bins, near-detector flux and detector response included.
  public var nodeOperator: any NodeOperator
  /// Makes the map from cross sections at quadrature points to rates in these bins, for models that are not linear in
  /// structure functions. It takes some memory and time, so nothing is made unless a model asks.
  public var quadrature: @Sendable (QuadratureResolution) throws -> any PointOperator

  /// A sample with its data and operators.
  public init(
    sample: Sample, probabilities: [Double], events: Double?, nodeOperator: any NodeOperator,
    quadrature: @escaping @Sendable (QuadratureResolution) throws -> any PointOperator = Self.withoutQuadrature
  ) {
    self.sample = sample
    self.probabilities = probabilities
    self.events = events
    self.nodeOperator = nodeOperator
    self.quadrature = quadrature
  }

  /// The quadrature of a sample that has none.
  public static func withoutQuadrature(_ resolution: QuadratureResolution) throws -> any PointOperator {
    throw NuTuneError(
      .internalError, key: "quadrature", found: "a sample with node operator only", expected: "quadrature points")
  }
}

/// Everything a tunable model learns from; it reads no files and prints nothing.
public struct TuningProblem: Sendable {
  /// The nodes at which structure functions are sampled, common to all samples.
  public var nodes: InvariantPoints
  /// The data.
  public var samples: [TuningSample]
  /// Seed of the model's own random numbers.
  public var seed: UInt64
  /// Number of threads; results do not depend on it.
  public var threads: Int
  /// Where unfinished work is kept, so that a killed run goes on.
  public var checkpoint: any CheckpointStore
  /// Called now and then with how far it is.
  public var progress: @Sendable (TuningProgress) -> Void

  /// A problem.
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

/// How far a tuning is.
public struct TuningProgress: Sendable {
  /// Steps done.
  public var step: Int
  /// Steps planned.
  public var steps: Int
  /// Loss now; nil for work without one.
  public var loss: Double?

  /// A state of affairs.
  public init(step: Int, steps: Int, loss: Double? = nil) {
    self.step = step
    self.steps = steps
    self.loss = loss
  }
}

/// Where a tuning keeps its unfinished work. Saving replaces the last one atomically.
public protocol CheckpointStore: Sendable {
  /// The last saved work, nil when there is none.
  func load() throws -> [UInt8]?
  /// Keeps work.
  func save(_ bytes: [UInt8]) throws
}

/// Keeps nothing.
public struct NoCheckpoint: CheckpointStore {
  /// A store that forgets.
  public init() {}
  /// Always nil.
  public func load() -> [UInt8]? { nil }
  /// Does nothing.
  public func save(_ bytes: [UInt8]) {}
}
