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
  /// Components beside that of the reaction of ``sample``, of a sample whose leptons are not told apart by the neutrinos that
  /// made them: its rates are the sum of ``nodeOperator`` applied to the structure functions of that reaction and of the operator
  /// of each of these applied to those of its own. A model that learns pure samples refuses them,
  /// ``TuningProblem/requirePureSamples(for:)``.
  public var others: [Component] = []
  /// How ``nodeOperator`` follows the response parameters of the problem; nil for a sample that does not.
  public var responseVariation: (any ResponseVariation)?
  /// Makes the map from cross sections at quadrature points to rates in these bins, for models that are not linear in
  /// structure functions. It takes some memory and time, so it is made only when a model asks.
  public var quadrature: @Sendable (QuadratureResolution) throws -> any PointOperator

  /// The neutrinos of one species in a sample.
  public struct Component: Sendable {
    /// The neutrino species and the target.
    public var reaction: Reaction
    /// Maps node values to rates in the bins of the sample, near-detector flux and detector response included.
    public var nodeOperator: any NodeOperator

    /// Creates a component with its operator.
    public init(reaction: Reaction, nodeOperator: any NodeOperator) {
      self.reaction = reaction
      self.nodeOperator = nodeOperator
    }
  }

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

  /// All components, that of the reaction of ``sample`` first.
  public var components: [Component] { [Component(reaction: sample.reaction, nodeOperator: nodeOperator)] + others }

  /// Each reaction in the detector with its share of the nucleons, at least one.
  public var reactions: [(reaction: Reaction, share: Double)] { reactions(like: sample.reaction) }

  /// The reaction of a component on each nucleus of the detector, with its share of the nucleons, at least one.
  public func reactions(like reaction: Reaction) -> [(reaction: Reaction, share: Double)] {
    composition.map { parts in
      parts.map { (Reaction(species: reaction.species, target: $0.target), $0.share) }
    } ?? [(reaction, 1)]
  }

  /// Throws; the quadrature of a sample that has none.
  public static func withoutQuadrature(_ resolution: QuadratureResolution) throws -> any PointOperator {
    throw NuTuneError(
      .internalError, key: "quadrature", found: "a sample with node operator only", expected: "quadrature points")
  }
}
