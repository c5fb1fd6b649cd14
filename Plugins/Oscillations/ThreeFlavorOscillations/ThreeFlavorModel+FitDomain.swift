import NuTuneCore

extension ThreeFlavorModel {
  /// Returns starting values, bounds and scale of a parameter in a fit around its current value.
  ///
  /// Disappearance depends on sin²θ₂₃ through |U_μ3|²(1 − |U_μ3|²), which is the same at sin²θ₂₃ and at 1/cos²θ₁₃ −
  /// sin²θ₂₃: there is a start in each octant. δ gets four and is periodic, reported within half a turn of its value. Mass splittings are sought within half of
  /// their value to either side, sin²θ₂₃ from 0.001 to 0.999, the other sines from 0 to 1.
  public func fitDomain(of parameter: String) throws -> FitDomain {
    let value = try value(of: parameter)
    switch parameter {
    case "sin2_theta23":
      let mirror = 1 / (1 - mixing.sin2Theta13) - value
      let starts = [min(value, mirror) - 0.03, max(value, mirror) + 0.03].map { min(max($0, 0.02), 0.98) }
      return FitDomain(starts: starts, bounds: 0.001...0.999, scale: 0.02, ends: .natural)
    case "delta_cp":
      return FitDomain(
        unit: "rad", starts: [-2.4, -0.8, 0.8, 2.4].map { value + $0 }, bounds: value - .pi...value + .pi, scale: 0.3,
        period: 2 * .pi)
    case "dm2_21", "dm2_31", "dm2_32":
      let reach = max(0.5 * abs(value), 1e-5)
      return FitDomain(
        unit: "eV²", starts: [value + 0.02 * reach], bounds: value - reach...value + reach, scale: 0.02 * reach)
    default:
      let scale = max(0.05 * value, 1e-4)
      return FitDomain(starts: [min(value + 0.2 * scale, 1 - scale)], bounds: 0...1, scale: scale, ends: .natural)
    }
  }
}
