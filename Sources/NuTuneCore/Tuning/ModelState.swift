/// The tuned state of a model: named tensors and a card of plain values.
public struct ModelState: Sendable, Hashable {
  /// A tensor in row-major order.
  public struct Tensor: Sendable, Hashable {
    /// Name, `numu.layer0.weight`.
    public var name: String
    /// Lengths of its dimensions.
    public var shape: [Int]
    /// Elements.
    public var elements: [Float]

    /// Creates a tensor; the number of elements must match the shape.
    public init(name: String, shape: [Int], elements: [Float]) {
      precondition(shape.reduce(1, *) == elements.count)
      self.name = name
      self.shape = shape
      self.elements = elements
    }
  }

  /// The tensors, in order.
  public var tensors: [Tensor]
  /// Plain values by name: architecture, scaling and the like.
  public var card: [String: ParameterValue]

  /// Creates a state.
  public init(tensors: [Tensor], card: [String: ParameterValue]) {
    self.tensors = tensors
    self.card = card
  }
}
