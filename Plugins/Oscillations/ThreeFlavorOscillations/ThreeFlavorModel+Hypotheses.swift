import Foundation
import NuTuneCore

extension ThreeFlavorModel {
  /// The mass ordering (sign of Δm²₃₂, its size kept) and the octant of θ₂₃.
  public var hypotheses: [FitHypothesis] {
    get throws {
      let splitting = abs(try value(of: "dm2_32"))
      return [
        FitHypothesis(
          question: "ordering", name: "normal", values: ["dm2_32": splitting], fitted: ["dm2_32", "dm2_31"]),
        FitHypothesis(
          question: "ordering", name: "inverted", values: ["dm2_32": -splitting], fitted: ["dm2_32", "dm2_31"]),
        FitHypothesis(
          question: "octant", name: "lower", bounds: ["sin2_theta23": 0.001...0.5], fitted: ["sin2_theta23"]),
        FitHypothesis(
          question: "octant", name: "upper", bounds: ["sin2_theta23": 0.5...0.999], fitted: ["sin2_theta23"]),
      ]
    }
  }

  /// The amplitude of muon disappearance and the Jarlskog invariant.
  public var derivedQuantities: [DerivedQuantity] {
    [
      DerivedQuantity(name: "sin2_2theta_mumu", along: "sin2_theta23"),
      DerivedQuantity(name: "jarlskog", along: "delta_cp"),
    ]
  }

  /// Returns sin²2θ_μμ = 4|U_μ3|²(1 − |U_μ3|²) with |U_μ3|² = cos²θ₁₃ sin²θ₂₃, or the Jarlskog invariant
  /// J = c₁₂s₁₂ c₂₃s₂₃ c₁₃²s₁₃ sin δ (Jarlskog, PRL 55 (1985) 1039).
  public func value(ofDerived quantity: String) throws -> Double {
    switch quantity {
    case "sin2_2theta_mumu":
      let muThree = (1 - mixing.sin2Theta13) * mixing.sin2Theta23
      return 4 * muThree * (1 - muThree)
    case "jarlskog":
      let products = [mixing.sin2Theta12, mixing.sin2Theta23, mixing.sin2Theta13].map { ($0 * (1 - $0)).squareRoot() }
      return products[0] * products[1] * products[2] * (1 - mixing.sin2Theta13).squareRoot() * sin(mixing.deltaCP)
    default:
      throw NuTuneError(
        .internalError, key: quantity, found: "an unknown derived quantity",
        expected: "one of \(derivedQuantities.map(\.name).joined(separator: ", "))")
    }
  }
}
