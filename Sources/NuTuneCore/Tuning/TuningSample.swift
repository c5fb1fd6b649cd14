/// Data of one near-detector sample and the operators that predict it.
public struct TuningSample: Sendable {
  /// Channel, horn mode, detector and bins of the sample; of several that are compared together the first, with the names of
  /// all as its position.
  public var sample: Sample
  /// The samples whose bins follow one another where several are compared together; empty for one.
  public var parts: [Sample] = []
  /// Measured (or expected) bin probabilities, shape [bins], sum one.
  public var probabilities: [Double]
  /// Number of events behind the probabilities; nil means infinite.
  public var events: Double?
  /// The term of the likelihood that compares rates with the data; nil compares shapes with the probabilities.
  public var term: (any LikelihoodTerm)?
  /// The nuclei of the detector with their shares of the nucleons, as cross sections of each are added; nil where the
  /// target of the reaction is all there is.
  public var composition: [(target: Target, share: Double)]?
  /// Maps node values to rates in these bins, near-detector flux and detector response included.
  public var nodeOperator: any NodeOperator
  /// How ``nodeOperator`` follows the response parameters of the problem; nil for a sample that does not.
  public var responseVariation: (any ResponseVariation)?
  /// Makes the map from cross sections at quadrature points to rates in these bins, for models that are not linear in
  /// structure functions. It takes some memory and time, so it is made only when a model asks.
  public var quadrature: @Sendable (QuadratureResolution) throws -> any PointOperator

  /// Creates a sample with its data and operators.
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

  /// Returns the term of the likelihood that compares rates with the data.
  public func likelihoodTerm() throws -> any LikelihoodTerm {
    try term ?? ShapeTerm(data: probabilities, events: events, sample: sample.name)
  }

  /// Each reaction in the detector with its share of the nucleons, at least one.
  public var reactions: [(reaction: Reaction, share: Double)] {
    composition.map { parts in
      parts.map { (Reaction(species: sample.reaction.species, target: $0.target), $0.share) }
    } ?? [(sample.reaction, 1)]
  }

  /// Throws; the quadrature of a sample that has none.
  public static func withoutQuadrature(_ resolution: QuadratureResolution) throws -> any PointOperator {
    throw NuTuneError(
      .internalError, key: "quadrature", found: "a sample with node operator only", expected: "quadrature points")
  }
}
