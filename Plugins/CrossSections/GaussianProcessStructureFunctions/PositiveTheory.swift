import Foundation
import NuTuneCore
import NuTuneFolding

/// Structure functions that are positive by construction: the three cross sections of a W boson with helicity −1, +1
/// and 0,
///
///     W₋ = ½ (W_T + |q|W₃/2M)     W₊ = ½ (W_T − |q|W₃/2M)     W₀ = W_L
///
/// each are a theory prior times the exponential of a Gaussian process, W_i = m_i exp(g_i). In the massless limit the
/// hadron tensor is positive exactly where these three are, so it is positive for any g.
///
///     W₁ = W₋ + W₊     W₂ = (W₁ + W₀) Q²/|q|²     W₃ = (W₋ − W₊) 2M/|q|     W₄ = κ₄ W₂     W₅ = κ₅ W₂
///
/// One lepton mass determines three functions, and the small W₄ and W₅ are proportional to W₂: κ are ratios of the
/// prior, or zero, or κ₄ = 0 and κ₅ = Mω/Q², which is 2xF₅ = F₂. If W₄ and W₅ are free, as they are where both leptons of
/// a neutrino sign are observed, they have functions of their own, κ₄ exp(g₄) and κ₅ exp(g₅) with κ of the prior.
///
/// Without a prior only smoothness is assumed: m₋ = m₊ = m₀ = ½, 2xF₅ = F₂ (κ₅ = Mω/Q²), κ₄ = 0 or g₄ itself, since its
/// sign is unknown, and zero where folds take structure functions as zero (W² far below M²).
struct PositiveTheory: Sendable {
  let prior: (any StructureFunctionModel)?
  /// Whether W₄ and W₅ are functions of their own.
  let separatesMassTerms: Bool
  /// What κ₄ and κ₅ are when they are not.
  let massFunctions: Settings.MassFunctions

  /// Number of modulated functions.
  var count: Int { separatesMassTerms ? 5 : 3 }

  /// Least part of the prior, relative to its W_T. A prior beyond a bound of positivity is lifted to this; parts that
  /// it sets to zero stay practically zero.
  static let leastPart = 1e-9

  /// The factors that do not depend on g, each of shape [points].
  struct Fields: Sendable {
    /// m₋, m₊ and m₀ in GeV⁻¹, shape [3][points].
    var parts: [[Double]]
    /// Q²/|q|².
    var share: [Double]
    /// 2M/|q|.
    var bound: [Double]
    /// κ₄ and κ₅.
    var fourth: [Double]
    var fifth: [Double]
  }

  /// Computes the fields at some points.
  func fields(of reaction: Reaction, at points: InvariantPoints) throws -> Fields {
    var fields = try ratiosOfPrior(of: reaction, at: points)
    guard !separatesMassTerms, massFunctions != .priorRatio else { return fields }
    for i in 0..<points.count {
      fields.fourth[i] = 0
      fields.fifth[i] = massFunctions == .zero ? 0 : Self.albrightJarlskog(points, i)
    }
    return fields
  }

  /// W₅/W₂ = Mω/Q² of 2xF₅ = F₂.
  private static func albrightJarlskog(_ points: InvariantPoints, _ i: Int) -> Double {
    points.q2[i] > 0 ? PhysicalConstants.nucleonMass * max(points.omega[i], 0) / points.q2[i] : 0
  }

  /// Computes the fields with the κ of the prior.
  private func ratiosOfPrior(of reaction: Reaction, at points: InvariantPoints) throws -> Fields {
    let mass = PhysicalConstants.nucleonMass
    let zeros = [Double](repeating: 0, count: points.count)
    var fields = Fields(parts: [zeros, zeros, zeros], share: zeros, bound: zeros, fourth: zeros, fifth: zeros)
    for i in 0..<points.count {
      let momentumSquared = points.q2[i] + points.omega[i] * points.omega[i]
      fields.share[i] = momentumSquared > 0 ? points.q2[i] / momentumSquared : 0
      fields.bound[i] = momentumSquared > 0 ? 2 * mass / momentumSquared.squareRoot() : 0
    }
    guard let prior else {
      for i in 0..<points.count
      where 2 * mass * points.omega[i] - points.q2[i] > NodeGrid.lowestHadronicExcess {
        for part in 0..<3 { fields.parts[part][i] = 0.5 }
        if separatesMassTerms { fields.fourth[i] = 1 }
        fields.fifth[i] = Self.albrightJarlskog(points, i)
      }
      return fields
    }
    let functions = try prior.structureFunctions(of: reaction, at: points)
    for i in 0..<points.count where functions.w[0][i] > 0 && fields.share[i] > 0 {
      let transverse = functions.w[0][i]
      let odd = functions.w[2][i] / fields.bound[i]
      let least = Self.leastPart * transverse
      fields.parts[0][i] = max(0.5 * (transverse + odd), least)
      fields.parts[1][i] = max(0.5 * (transverse - odd), least)
      fields.parts[2][i] = max(functions.w[1][i] / fields.share[i] - transverse, least)
      let second = fields.share[i] * (fields.parts[0][i] + fields.parts[1][i] + fields.parts[2][i])
      fields.fourth[i] = functions.w[3][i] / second
      fields.fifth[i] = functions.w[4][i] / second
    }
    return fields
  }

  /// Computes W₁…W₅ for modulations g, shape [functions][points].
  func functions(_ fields: Fields, modulations: [[Double]]) -> StructureFunctions {
    let count = fields.share.count
    var functions = StructureFunctions(count: count)
    for i in 0..<count {
      let (minus, plus, zero) = (
        fields.parts[0][i] * exp(modulations[0][i]), fields.parts[1][i] * exp(modulations[1][i]),
        fields.parts[2][i] * exp(modulations[2][i])
      )
      let second = fields.share[i] * (minus + plus + zero)
      functions.w[0][i] = minus + plus
      functions.w[1][i] = second
      functions.w[2][i] = fields.bound[i] * (minus - plus)
      functions.w[3][i] = second * ratio(3, fields.fourth[i], modulations, i).value
      functions.w[4][i] = second * ratio(4, fields.fifth[i], modulations, i).value
    }
    return functions
  }

  /// Computes ∂W/∂g_j at the modulations, one element for each function.
  func derivatives(_ fields: Fields, modulations: [[Double]]) -> [StructureFunctions] {
    let count = fields.share.count
    var derivatives = [StructureFunctions](repeating: StructureFunctions(count: count), count: self.count)
    for i in 0..<count {
      let fourth = ratio(3, fields.fourth[i], modulations, i)
      let fifth = ratio(4, fields.fifth[i], modulations, i)
      var sum = 0.0
      for part in 0..<3 {
        let value = fields.parts[part][i] * exp(modulations[part][i])
        sum += value
        if part < 2 {
          derivatives[part].w[0][i] = value
          derivatives[part].w[2][i] = (part == 0 ? 1 : -1) * fields.bound[i] * value
        }
        let second = fields.share[i] * value
        derivatives[part].w[1][i] = second
        derivatives[part].w[3][i] = second * fourth.value
        derivatives[part].w[4][i] = second * fifth.value
      }
      if separatesMassTerms {
        derivatives[3].w[3][i] = fields.share[i] * sum * fourth.slope
        derivatives[4].w[4][i] = fields.share[i] * sum * fifth.slope
      }
    }
    return derivatives
  }

  /// Computes W₄/W₂ or W₅/W₂ and its derivative with respect to its own g.
  private func ratio(_ index: Int, _ ofPrior: Double, _ modulations: [[Double]], _ point: Int)
    -> (value: Double, slope: Double)
  {
    guard separatesMassTerms else { return (ofPrior, 0) }
    let factor = massFactor(index, modulations[index][point])
    return (ofPrior * factor.value, ofPrior * factor.slope)
  }

  /// Computes what multiplies κ of a free W₄ (index 3) or W₅ (index 4), and its derivative with respect to its g: exp(g), or
  /// g itself for W₄ without a prior.
  func massFactor(_ index: Int, _ g: Double) -> (value: Double, slope: Double) {
    if index == 3, prior == nil { return (g, 1) }
    let value = exp(g)
    return (value, value)
  }
}
