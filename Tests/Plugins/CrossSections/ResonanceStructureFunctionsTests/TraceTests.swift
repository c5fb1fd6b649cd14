import NuTuneCore
import ResonanceStructureFunctions
import Testing
import ToyStructureFunctions

extension TransitionFunctions {
  fileprivate var all: [Double] { [w1, w2, w3, w4, w5] }
}

/// The closed forms against explicit Dirac matrices and spin sums, within rounding.
@Suite struct TraceTests {
  static let points: [(mass: Double, q2: Double)] = [
    (1.1, 0.02), (1.232, 0.1), (1.232, 1.3), (1.5, 0.4), (1.9, 3), (0.8, 0.3),
  ]

  func expectEqual(_ ours: TransitionFunctions, _ reference: [Double], _ comment: String) {
    let scale = reference.map(abs).max() ?? 0
    for (index, pair) in zip(ours.all, reference).enumerated() {
      #expect(abs(pair.0 - pair.1) < 1e-10 * scale, "\(comment) w\(index + 1): \(pair.0) against \(pair.1)")
    }
  }

  /// The referee itself: elastic scattering gives Llewellyn Smith's functions, sign of w₃ included.
  @Test func refereeKnowsElasticScattering() throws {
    let elastic = QuasiElastic(ToyStructureFunctions.descriptor.parameters.defaults())
    let mass = PhysicalConstants.nucleonMass
    for q2 in [0.05, 0.4, 2] {
      let trace = TraceEvaluation(mass: mass, q2: q2)
      let tau = q2 / (4 * mass * mass)
      let electric = 1 / ((1 + q2 / 0.71) * (1 + q2 / 0.71))
      let dirac = (1 + tau * 4.706) * electric / (1 + tau)
      let pauli = (4.706 - 1) * electric / (1 + tau)
      let axial = -1.267 / ((1 + q2 / (1.03 * 1.03)) * (1 + q2 / (1.03 * 1.03)))
      let pion = PhysicalConstants.chargedPionMass
      let pseudo = 2 * mass * mass * axial / (pion * pion + q2)
      let slash = Dirac.slash(trace.q)
      let functions = trace.functions { mu in
        let gamma = Dirac.gamma[mu]
        let magnetic = -0.5 * (gamma * slash - slash * gamma)
        return dirac * gamma + (pauli / (2 * mass)) * magnetic + axial * (gamma * Dirac.gamma5)
          + (pseudo * trace.q[mu] / mass) * Dirac.gamma5
      }
      let w = elastic.nucleon(q2: q2)
      for (ours, reference) in zip(functions, [w.w1, w.w2, w.w3, w.w4, w.w5]) {
        #expect(abs(ours / (2 * mass) - reference) < 1e-11 * abs(w.w4), "Q² \(q2)")
      }
    }
  }

  @Test(arguments: points, [true, false])
  func spinThreeHalf(point: (mass: Double, q2: Double), hasPositiveParity: Bool) {
    let vertex = SpinThreeHalfVertex(
      vector: (1.9, -1.2, 0.4), axial: (0.3, -0.25, 1.1), hasPositiveParity: hasPositiveParity)
    let trace = TraceEvaluation(mass: point.mass, q2: point.q2)
    let m = PhysicalConstants.nucleonMass
    let pion = PhysicalConstants.chargedPionMass
    let pole = 1.1 * m * m / (point.q2 + pion * pion)
    let slash = Dirac.slash(trace.q)
    let (withState, withNucleon) = (Dirac.dot(trace.q, trace.final), Dirac.dot(trace.q, trace.p))
    let reference = trace.functions { (lambda: Int, mu: Int) in
      let metric = lambda == mu ? Dirac.metric[mu] : 0
      let q = trace.q[lambda]
      func current(_ c3: Double, _ c4: Double, _ c5: Double, _ g: Double, _ pole: Double) -> SpinorMatrix {
        let scalar =
          c4 / (m * m) * (withState * metric - q * trace.final[mu])
          + c5 / (m * m) * (withNucleon * metric - q * trace.p[mu]) + g * metric + pole / (m * m) * q * trace.q[mu]
        return (c3 / m) * (metric * slash - q * Dirac.gamma[mu]) + scalar * Dirac.identity
      }
      let vector = current(1.9, -1.2, 0.4, 0, 0)
      let axial = current(0.3, -0.25, 0, 1.1, pole)
      return hasPositiveParity ? vector * Dirac.gamma5 + axial : vector + axial * Dirac.gamma5
    }
    expectEqual(vertex.functions(mass: point.mass, q2: point.q2), reference, "W \(point.mass) Q² \(point.q2)")
  }

  @Test(arguments: points, [true, false])
  func spinHalf(point: (mass: Double, q2: Double), hasPositiveParity: Bool) {
    let vertex = SpinHalfVertex(
      g1Vector: -4.6, g2Vector: 1.5, axial: -0.5, scale: 2.4, hasPositiveParity: hasPositiveParity)
    let trace = TraceEvaluation(mass: point.mass, q2: point.q2)
    let m = PhysicalConstants.nucleonMass
    let pion = PhysicalConstants.chargedPionMass
    let pole = -0.5 * (point.mass + (hasPositiveParity ? m : -m)) / (point.q2 + pion * pion)
    let slash = Dirac.slash(trace.q)
    let reference = trace.functions { (mu: Int) in
      let gamma = Dirac.gamma[mu]
      let magnetic = -0.5 * (gamma * slash - slash * gamma)
      let vector = (-4.6 / 5.76) * (point.q2 * gamma + trace.q[mu] * slash) + (1.5 / 2.4) * magnetic
      let axial = -0.5 * gamma + (pole * trace.q[mu]) * Dirac.identity
      return hasPositiveParity ? vector + axial * Dirac.gamma5 : vector * Dirac.gamma5 + axial
    }
    expectEqual(vertex.functions(mass: point.mass, q2: point.q2), reference, "W \(point.mass) Q² \(point.q2)")
  }
}
