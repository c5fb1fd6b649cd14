/// The shape of a fully connected net: `inputs` → hidden layers with an activation → linear `outputs`.
///
/// The parameters of a net are one flat array, layer by layer: weights row-major [out][in], then biases [out].
public struct NetworkShape: Sendable, Hashable, Codable {
  /// Number of inputs of a point.
  public let inputs: Int
  /// Widths of the hidden layers, at least one.
  public let hiddenWidths: [Int]
  /// Number of outputs of a point.
  public let outputs: Int
  /// The activation after every hidden layer.
  public let activation: Activation

  /// - Throws: `LearningError.invalidShape` if a size is not positive, there is no hidden layer, or a size is above
  ///   65,536 (a typing mistake rather than a net).
  public init(inputs: Int, hiddenWidths: [Int], outputs: Int, activation: Activation) throws(LearningError) {
    guard !hiddenWidths.isEmpty else {
      throw LearningError.invalidShape("a net needs at least one hidden layer")
    }
    for size in [inputs, outputs] + hiddenWidths where !(1...65_536).contains(size) {
      throw LearningError.invalidShape("layer sizes must lie in 1 ... 65536, found \(size)")
    }
    self.inputs = inputs
    self.hiddenWidths = hiddenWidths
    self.outputs = outputs
    self.activation = activation
  }

  /// Position of one layer in the flat parameters.
  public struct Layer: Sendable, Hashable {
    /// Number of values that enter the layer.
    public let inputs: Int
    /// Number of outputs of the layer.
    public let outputs: Int
    /// Indices of the weights, row-major [outputs][inputs].
    public let weights: Range<Int>
    /// Indices of the biases, [outputs].
    public let biases: Range<Int>
  }

  /// All layers from the first hidden one to the output layer.
  public var layers: [Layer] {
    let sizes = [inputs] + hiddenWidths + [outputs]
    var offset = 0
    return zip(sizes, sizes.dropFirst()).map { layerInputs, layerOutputs in
      let weights = offset..<(offset + layerInputs * layerOutputs)
      let biases = weights.upperBound..<(weights.upperBound + layerOutputs)
      offset = biases.upperBound
      return Layer(inputs: layerInputs, outputs: layerOutputs, weights: weights, biases: biases)
    }
  }

  /// Number of weights and biases.
  public var parameterCount: Int { layers.last?.biases.upperBound ?? 0 }

  /// Floating-point operations of the matrix products of one forward pass, per point (2 per weight).
  public var forwardOperationsPerPoint: Int { layers.reduce(0) { $0 + 2 * $1.weights.count } }

  /// Decodes a shape and checks it as `init(inputs:hiddenWidths:outputs:activation:)` does.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    try self.init(
      inputs: container.decode(Int.self, forKey: .inputs),
      hiddenWidths: container.decode([Int].self, forKey: .hiddenWidths),
      outputs: container.decode(Int.self, forKey: .outputs),
      activation: container.decode(Activation.self, forKey: .activation))
  }
}
