import NuTuneLearning

/// Sizes of a flow and the positions of its parts in one flat array of parameters: raw numbers of the first spline,
/// parameters of the net of the second, parameters of the net of the third.
struct FlowShape: Sendable, Hashable {
  /// Numbers of bins of the splines along x₁, x₂, x₃.
  let bins: [Int]
  /// The net from x₁ to the raw numbers of the second spline.
  let second: NetworkShape
  /// The net from (x₁, x₂) to the raw numbers of the third spline.
  let third: NetworkShape
  /// Scale of the nets' inputs, (2x − 1) times this.
  let inputScale: Double

  init(bins: [Int], hidden: [Int], activation: Activation, inputScale: Double) throws(LearningError) {
    self.bins = bins
    self.inputScale = inputScale
    second = try NetworkShape(
      inputs: 1, hiddenWidths: hidden, outputs: SplineKnots.rawCount(bins: bins[1]), activation: activation)
    third = try NetworkShape(
      inputs: 2, hiddenWidths: hidden, outputs: SplineKnots.rawCount(bins: bins[2]), activation: activation)
  }

  /// Range of the raw numbers of the first spline.
  var firstRange: Range<Int> { 0..<SplineKnots.rawCount(bins: bins[0]) }
  /// Range of the parameters of the second spline's net.
  var secondRange: Range<Int> { firstRange.upperBound..<firstRange.upperBound + second.parameterCount }
  /// Range of the parameters of the third spline's net.
  var thirdRange: Range<Int> { secondRange.upperBound..<secondRange.upperBound + third.parameterCount }
  /// Number of parameters.
  var parameterCount: Int { thirdRange.upperBound }

  /// Draws initial parameters: the density is near the uniform one, because the last layers are small.
  func initialParameters<Scalar: NetworkScalar>(standardNormal: () -> Double) -> [Scalar] {
    var parameters = [Scalar](repeating: 0, count: firstRange.count)
    for shape in [second, third] {
      var ofNet: [Scalar] = shape.initialParameters(Scalar.self, standardNormal: standardNormal)
      for index in shape.layers.last?.weights ?? 0..<0 { ofNet[index] *= Scalar(Self.lastLayer) }
      parameters += ofNet
    }
    return parameters
  }

  /// Factor on the weights of the last layers before training.
  private static let lastLayer = 0.1

  /// Returns the nets' input for a coordinate.
  func input(_ x: Double) -> Double { (2 * x - 1) * inputScale }
}
