import NuTuneLearning
import NuTuneNumerics

/// The forward and backward pass of a flow on fixed points: the density at the points from the parameters, and the
/// gradient.
///
///     p(E_ν, E_l, cosθ) = u₁′(x₁) u₂′(x₂|x₁) u₃′(x₃|x₁,x₂) |∂x/∂(E_ν,E_l,cosθ)|
///
/// Each spline belongs to one piece of work and every sum is inside one piece, so numbers do not depend on the number
/// of threads.
final class FlowPass<Scalar: NetworkScalar> {
  let points: FlowPoints
  private let shape: FlowShape
  private let threads: Int
  private let second: Conditioner<Scalar>
  private let third: Conditioner<Scalar>
  private let firstKnots: SplineKnots
  private let firstStorage: UnsafeMutablePointer<Double>
  /// Density in x₁ of each energy, then density in (x₁, x₂) of each lepton.
  private var energyDensity: [Double]
  private var leptonDensity: [Double]

  /// - Parameter recording: whether gradients will be computed.
  init(_ points: FlowPoints, shape: FlowShape, recording: Bool, threads: Int) {
    self.points = points
    self.shape = shape
    self.threads = threads
    let scaled = { (x: Double) in Scalar(shape.input(x)) }
    var ofLeptons = [Scalar](repeating: 0, count: 2 * points.x2.count)
    for energy in points.x1.indices {
      for lepton in points.leptonStart[energy]..<points.leptonStart[energy + 1] {
        ofLeptons[lepton] = scaled(points.x1[energy])
        ofLeptons[points.x2.count + lepton] = scaled(points.x2[lepton])
      }
    }
    second = Conditioner(
      shape.second, bins: shape.bins[1], inputs: points.x1.map(scaled), recording: recording, threads: threads)
    third = Conditioner(shape.third, bins: shape.bins[2], inputs: ofLeptons, recording: recording, threads: threads)
    firstStorage = .allocate(capacity: SplineKnots.storage(bins: shape.bins[0]))
    firstKnots = SplineKnots(bins: shape.bins[0], at: firstStorage)
    energyDensity = [Double](repeating: 0, count: points.x1.count)
    leptonDensity = [Double](repeating: 0, count: points.x2.count)
  }

  deinit { firstStorage.deallocate() }

  /// Computes the density at the points, shape [points], in GeV⁻².
  func density(parameters: UnsafeBufferPointer<Scalar>, into values: UnsafeMutableBufferPointer<Double>) {
    var raw = parameters[shape.firstRange].map { Double($0) }
    raw.withUnsafeMutableBufferPointer { if let raw = $0.baseAddress { firstKnots.set(fromRaw: raw) } }
    for (energy, x) in points.x1.enumerated() {
      energyDensity[energy] = firstKnots.density(x, bin: firstKnots.bin(of: x, from: 0))
    }
    let points = points
    let energyDensity = energyDensity
    second.run(parameters: UnsafeBufferPointer(rebasing: parameters[shape.secondRange]))
    leptonDensity.withUnsafeMutableBufferPointer { result in
      second.forEachSpline { energy, knots in
        var bin = 0
        for lepton in points.leptonStart[energy]..<points.leptonStart[energy + 1] {
          let x = points.x2[lepton]
          bin = knots.bin(of: x, from: bin)
          result[lepton] = energyDensity[energy] * knots.density(x, bin: bin)
        }
      }
    }
    third.run(parameters: UnsafeBufferPointer(rebasing: parameters[shape.thirdRange]))
    points.x3.withUnsafeBufferPointer { x3 in
      points.jacobian.withUnsafeBufferPointer { jacobian in
        leptonDensity.withUnsafeBufferPointer { leptonDensity in
          third.forEachSpline { lepton, knots in
            var bin = 0
            for point in points.pointStart[lepton]..<points.pointStart[lepton + 1] {
              bin = knots.bin(of: x3[point], from: bin)
              values[point] = jacobian[point] * leptonDensity[lepton] * knots.density(x3[point], bin: bin)
            }
          }
        }
      }
    }
  }

  /// Adds the gradient with respect to the parameters, of the last ``density(parameters:into:)``.
  ///
  /// - Parameters:
  ///   - values: the density, shape [points].
  ///   - gradient: the gradient with respect to the density, shape [points].
  func addGradient(
    values: UnsafeBufferPointer<Double>, gradient: UnsafeBufferPointer<Double>, parameters: UnsafeBufferPointer<Scalar>,
    to parameterGradient: UnsafeMutableBufferPointer<Scalar>
  ) {
    let points = points
    var byLepton = [Double](repeating: 0, count: points.x2.count)
    byLepton.withUnsafeMutableBufferPointer { byLepton in
      points.x3.withUnsafeBufferPointer { x3 in
        third.backward(into: UnsafeMutableBufferPointer(rebasing: parameterGradient[shape.thirdRange])) {
          lepton, knots, sums in
          var (bin, total) = (0, 0.0)
          for point in points.pointStart[lepton]..<points.pointStart[lepton + 1] {
            let weight = values[point] * gradient[point]
            guard weight != 0 else { continue }
            bin = knots.bin(of: x3[point], from: bin)
            sums.add(weight, logDensityOf: knots, at: x3[point], bin: bin)
            total += weight
          }
          byLepton[lepton] = total
        }
      }
    }
    var byEnergy = [Double](repeating: 0, count: points.x1.count)
    byEnergy.withUnsafeMutableBufferPointer { byEnergy in
      second.backward(into: UnsafeMutableBufferPointer(rebasing: parameterGradient[shape.secondRange])) {
        energy, knots, sums in
        var (bin, total) = (0, 0.0)
        for lepton in points.leptonStart[energy]..<points.leptonStart[energy + 1] {
          bin = knots.bin(of: points.x2[lepton], from: bin)
          sums.add(byLepton[lepton], logDensityOf: knots, at: points.x2[lepton], bin: bin)
          total += byLepton[lepton]
        }
        byEnergy[energy] = total
      }
    }
    withUnsafeTemporaryAllocation(of: Double.self, capacity: SplineGradient.storage(bins: shape.bins[0])) { storage in
      guard let base = storage.baseAddress else { return }
      let sums = SplineGradient(bins: shape.bins[0], at: base)
      sums.clear()
      for (energy, x) in points.x1.enumerated() {
        sums.add(byEnergy[energy], logDensityOf: firstKnots, at: x, bin: firstKnots.bin(of: x, from: 0))
      }
      var raw = parameters[shape.firstRange].map { Double($0) }
      raw.withUnsafeMutableBufferPointer { if let raw = $0.baseAddress { sums.replace(raw: raw, of: firstKnots) } }
      for (index, value) in zip(shape.firstRange, raw) { parameterGradient[index] += Scalar(value) }
    }
  }

  /// Returns base coordinates (u₁, u₂, u₃) of each point after ``density(parameters:into:)``, shape [points].
  func baseCoordinates() -> [SIMD3<Double>] {
    var result = [SIMD3<Double>](repeating: .zero, count: points.x3.count)
    for (energy, x1) in points.x1.enumerated() {
      for lepton in points.leptonStart[energy]..<points.leptonStart[energy + 1] {
        let (u1, u2) = (firstKnots.value(x1), second.knots(energy).value(points.x2[lepton]))
        for point in points.pointStart[lepton]..<points.pointStart[lepton + 1] {
          result[point] = SIMD3(u1, u2, third.knots(lepton).value(points.x3[point]))
        }
      }
    }
    return result
  }
}
