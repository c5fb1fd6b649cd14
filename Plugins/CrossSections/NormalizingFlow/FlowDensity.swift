import NuTuneCore
import NuTuneLearning
import NuTuneNumerics

/// A learned density in (E_ν, E_l, cosθ) on the kinematically allowed region, normalised to one: an autoregressive flow
/// of rational-quadratic splines from a uniform base on the unit cube.
package struct FlowDensity: Sendable {
  /// The region and its fixed coordinates.
  package let coordinates: FlowCoordinates
  let shape: FlowShape
  /// Parameters, shape [shape.parameterCount].
  let parameters: [Float]
  /// The parameters in double precision: they are trained in single precision, but the density is a function that is
  /// smooth to the last digits.
  private let exact: [Double]

  init(coordinates: FlowCoordinates, shape: FlowShape, parameters: [Float]) {
    self.coordinates = coordinates
    self.shape = shape
    self.parameters = parameters
    exact = parameters.map { Double($0) }
  }

  /// Computes the density in GeV⁻² at some points, shape [points]; zero outside the region. It is the determinant of
  /// the Jacobian of ``baseCoordinates(of:)``.
  ///
  /// - Complexity: one net for each run of points with one E_ν, another for each run with one (E_ν, E_l).
  package func values(at points: KinematicPoints) -> [Double] {
    evaluated(at: points).values
  }

  /// Computes base coordinates (u₁, u₂, u₃) in the unit cube of points inside the region, shape [points].
  package func baseCoordinates(of points: KinematicPoints) -> [SIMD3<Double>] {
    evaluated(at: points).pass.baseCoordinates()
  }

  /// Computes the points with given base coordinates, shape [points]: the exact inverse of ``baseCoordinates(of:)``.
  package func points(at base: [SIMD3<Double>]) -> KinematicPoints {
    guard !base.isEmpty else { return KinematicPoints() }
    func spline(_ bins: Int, _ raw: (Int) -> Double, _ body: (SplineKnots) -> Double) -> Double {
      var numbers = (0..<SplineKnots.rawCount(bins: bins)).map { raw($0) }
      var storage = [Double](repeating: 0, count: SplineKnots.storage(bins: bins))
      return numbers.withUnsafeMutableBufferPointer { raw in
        storage.withUnsafeMutableBufferPointer { storage in
          guard let raw = raw.baseAddress, let storage = storage.baseAddress else { return 0 }
          let knots = SplineKnots(bins: bins, at: storage)
          knots.set(fromRaw: raw)
          return body(knots)
        }
      }
    }
    let count = base.count
    let x1 = base.map { u in spline(shape.bins[0], { exact[$0] }) { $0.inverse(u[0]) } }
    let firstInputs = x1.map { shape.input($0) }
    let ofSecond = NeuralNetwork<Double>(shape: shape.second).outputs(
      parameters: Array(exact[shape.secondRange]), inputs: firstInputs)
    let x2 = base.indices.map { i in spline(shape.bins[1], { ofSecond[$0 * count + i] }) { $0.inverse(base[i][1]) } }
    let ofThird = NeuralNetwork<Double>(shape: shape.third).outputs(
      parameters: Array(exact[shape.thirdRange]), inputs: firstInputs + x2.map { shape.input($0) })
    var points = KinematicPoints()
    for i in base.indices {
      let x3 = spline(shape.bins[2], { ofThird[$0 * count + i] }) { $0.inverse(base[i][2]) }
      let point = coordinates.point(SIMD3(x1[i], x2[i], x3))
      points.append(
        neutrinoEnergy: point.neutrinoEnergy, leptonEnergy: point.leptonEnergy, cosTheta: point.cosTheta)
    }
    return points
  }

  /// Draws independent points from the density.
  package func sample(_ count: Int, from stream: RandomStream) -> KinematicPoints {
    points(at: (0..<count).map { _ in SIMD3(stream.uniform(), stream.uniform(), stream.uniform()) })
  }

  private func evaluated(at points: KinematicPoints) -> (pass: FlowPass<Double>, values: [Double]) {
    let pass = FlowPass<Double>(FlowPoints(points, coordinates), shape: shape, recording: false, threads: 1)
    var values = [Double](repeating: 0, count: points.count)
    exact.withUnsafeBufferPointer { parameters in
      values.withUnsafeMutableBufferPointer { pass.density(parameters: parameters, into: $0) }
    }
    return (pass, values)
  }
}
