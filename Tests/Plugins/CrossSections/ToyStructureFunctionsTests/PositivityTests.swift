import Foundation
import NuTuneCore
import NuTuneNumerics
import Testing
import ToyStructureFunctions

/// The hadron tensor of toy-sf is positive by construction, whatever its parameters, with nothing clamped.
@Suite struct PositivityTests {
  static let schema = ToyStructureFunctions.descriptor.parameters

  /// Every number anywhere in its declared range.
  private static func random(_ stream: RandomStream) -> [String: ParameterValue] {
    var values: [String: ParameterValue] = [:]
    for declaration in schema.declarations {
      switch declaration.domain {
      case .number(let range, _):
        values[declaration.name] = .number(range.lowerBound + (range.upperBound - range.lowerBound) * stream.uniform())
      case .boolean: values[declaration.name] = .boolean(stream.uniform() < 0.5)
      default: Issue.record("no random value of \(declaration.name)")
      }
    }
    return values
  }

  /// (ω, Q²) from deep below the quasi-elastic peak to far above.
  private static func points(_ stream: RandomStream, count: Int) -> InvariantPoints {
    var points = InvariantPoints(omega: [], q2: [])
    for _ in 0..<count {
      let q2 = pow(10, -4 + 6 * stream.uniform())
      let line = q2 / (2 * PhysicalConstants.nucleonMass)
      // Half of them around the peak.
      let isNear = stream.uniform() < 0.5
      let omega = isNear ? max(line + 0.3 * stream.gaussian(), 1e-4) : pow(10, -3 + 5 * stream.uniform())
      points.omega.append(omega)
      points.q2.append(q2)
    }
    return points
  }

  /// W₁ ≥ 0, (1+ω²/Q²)W₂ ≥ W₁ and |W₃||q| ≤ 2M W₁ to rounding; `isStrict`: W₃ stays off its bound.
  private static func expectPositive(
    _ functions: StructureFunctions, at points: InvariantPoints, isStrict: Bool = false, _ comment: String
  ) {
    for i in 0..<points.count {
      let (omega, q2) = (points.omega[i], points.q2[i])
      let (w1, w2, w3) = (functions.w[0][i], functions.w[1][i], functions.w[2][i])
      let second = (1 + omega * omega / q2) * w2
      let third = abs(w3) * (q2 + omega * omega).squareRoot() / (2 * PhysicalConstants.nucleonMass)
      let place = "\(comment) at ω \(omega) Q² \(q2)"
      #expect(w1 >= 0 && w1.isFinite && w2.isFinite && w3.isFinite, "W₁ \(w1) \(place)")
      #expect(second - w1 >= -1e-12 * (second + w1), "W_L \(second - w1) of \(w1) \(place)")
      #expect(third <= w1 * (isStrict ? 1 - 1e-7 : 1 + 1e-12), "W₃ \(third) of \(w1) \(place)")
    }
  }

  @Test func holdsForRandomParameters() throws {
    let stream = try RandomStream(seed: 5, purpose: "positivity-parameters", member: 0)
    for draw in 0..<60 {
      let model = try ToyStructureFunctions(
        PluginConfiguration(parameters: Self.schema.defaults().setting(Self.random(stream))))
      let target = try Target(named: ["Ar40", "H1", "Pb208", "CH"][draw % 4])
      let points = Self.points(stream, count: 400)
      for species in [NeutrinoSpecies.numu, .numubar] {
        let functions = model.structureFunctions(of: Reaction(species: species, target: target), at: points)
        Self.expectPositive(functions, at: points, "draw \(draw) \(species) on \(target.name)")
      }
    }
  }

  /// The two parts alone, at their defaults; the sea keeps W₃ of the deep-inelastic part off its bound.
  @Test func holdsForEachPart() throws {
    let stream = try RandomStream(seed: 6, purpose: "positivity-parts", member: 0)
    let argon = Reaction(species: .numu, target: try Target(named: "Ar40"))
    for (switchedOff, isStrict) in [("dis.scale", false), ("quasi_elastic.scale", true)] {
      let model = try ToyStructureFunctions(
        PluginConfiguration(parameters: Self.schema.defaults().setting([switchedOff: .number(0)])))
      var points = Self.points(stream, count: 4000)
      // Where 1 − ξ = 10⁻³ the sea is 10⁻¹¹ of the valence quarks: x ≤ 0.9.
      if isStrict {
        let inside = points.omega.indices.filter { points.q2[$0] < 0.9 * 2 * 0.938 * points.omega[$0] }
        points = InvariantPoints(omega: inside.map { points.omega[$0] }, q2: inside.map { points.q2[$0] })
      }
      let functions = model.structureFunctions(of: argon, at: points)
      Self.expectPositive(functions, at: points, isStrict: isStrict, "without \(switchedOff)")
    }
  }

  /// Deep inelastic: W_L/W_T = R₀/(1+Q²/Q²_R), for any parameters; Callan–Gross at high Q².
  @Test func longitudinalPartIsAsDeclared() throws {
    let stream = try RandomStream(seed: 7, purpose: "longitudinal", member: 0)
    for _ in 0..<20 {
      let (atZero, scale) = (2 * stream.uniform(), 0.1 + 5 * stream.uniform())
      let model = try ToyStructureFunctions(
        PluginConfiguration(
          parameters: Self.schema.defaults().setting([
            "quasi_elastic.scale": .number(0), "dis.longitudinal_ratio_at_zero": .number(atZero),
            "dis.longitudinal_scale": .number(scale),
          ])))
      for q2 in [1e-4, 0.1, 1, 10, 1e4] {
        let omega = (q2 + 5) / (2 * PhysicalConstants.nucleonMass)
        let points = InvariantPoints(omega: [omega], q2: [q2])
        let w = model.structureFunctions(of: Reaction(species: .numu, target: try Target(named: "C12")), at: points).w
        let ratio = ((1 + omega * omega / q2) * w[1][0] - w[0][0]) / w[0][0]
        #expect(abs(ratio - atZero / (1 + q2 / scale)) < 1e-9 * (1 + omega * omega / q2), "R \(ratio) at Q² \(q2)")
      }
    }
  }

  /// Q² → 0 at fixed ω: F₂ vanishes as Q², everything stays finite.
  @Test func realPhotonLimit() throws {
    let model = try ToyStructureFunctions(
      PluginConfiguration(parameters: Self.schema.defaults().setting(["quasi_elastic.scale": .number(0)])))
    let reaction = Reaction(species: .numu, target: try Target(named: "C12"))
    for omega in [0.6, 2, 20] {
      let points = InvariantPoints(omega: [omega, omega], q2: [1e-7, 1e-9])
      let w = model.structureFunctions(of: reaction, at: points).w
      #expect(abs(w[1][0] / w[1][1] - 100) < 0.01, "W₂ at ω \(omega)")
      #expect(abs(w[0][0] / w[0][1] - 1) < 1e-5 && w[0][1] > 0, "W₁ at ω \(omega)")
    }
  }

  /// The off-line continuation of the quasi-elastic part is small in the peak: 3 % of W₂, 11 % of W₁ within two widths.
  @Test func continuationIsGentle() throws {
    let part = QuasiElastic(Self.schema.defaults())
    for q2 in [0.05, 0.2, 0.5, 1, 2] {
      let line = q2 / (2 * PhysicalConstants.nucleonMass)
      let free = part.nucleon(q2: q2)
      let width = part.responseWidth(omega: line, q2: q2)
      for step in [-2.0, -1, 0, 1, 2] {
        let here = part.nucleon(omega: max(line + part.energyShift + step * width, 1e-3), q2: q2)
        #expect(here.w3 == free.w3 && here.w4 == free.w4)
        #expect(abs(here.w1 / free.w1 - 1) < 0.12 && abs(here.w2 / free.w2 - 1) < 0.03, "Q² \(q2) step \(step)")
      }
    }
  }
}
