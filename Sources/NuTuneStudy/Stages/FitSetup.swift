import NuTuneCore
import NuTuneInference

/// Starting values, bounds and scales of oscillation parameters in a fit.
enum FitSetup {
  /// The parameters of a fit around the values of a model. Where the likelihood has more than one minimum, there is a
  /// start in each: both octants of θ₂₃ (mirrored at |U_μ3|² = ½), four phases.
  static func parameters(_ names: [String], of model: any OscillationModel) throws -> [FitParameter] {
    try names.map { name in
      let value = try model.value(of: name)
      let largest = max(abs(value), 1e-6)
      switch name {
      case "sin2_theta23":
        return try FitParameter(name: name, starts: [0.42, 0.6], bounds: 0.2...0.8, scale: 0.02)
      case "dm2_31", "dm2_32":
        let bounds = value > 0 ? 0.7 * value...1.3 * value : 1.3 * value...0.7 * value
        return try FitParameter(name: name, unit: "eV²", starts: [1.01 * value], bounds: bounds, scale: 0.01 * largest)
      case "dm2_21":
        return try FitParameter(
          name: name, unit: "eV²", starts: [1.01 * value], bounds: 0.5 * value...1.5 * value, scale: 0.02 * largest)
      case "delta_cp":
        let starts = [-2.4, -0.8, 0.8, 2.4].map { value + $0 }
        return try FitParameter(
          name: name, unit: "rad", starts: starts, bounds: value - Double.pi...value + Double.pi, scale: 0.3)
      case "sin2_theta12", "sin2_theta13":
        return try FitParameter(
          name: name, starts: [1.01 * value], bounds: 0...min(1, 3 * largest), scale: 0.05 * largest)
      default:
        return try FitParameter(
          name: name, starts: [value], bounds: value - 10 * largest...value + 10 * largest, scale: 0.1 * largest)
      }
    }
  }
}
