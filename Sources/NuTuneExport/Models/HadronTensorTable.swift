import Foundation
import NuTuneCore
import NuTuneNumerics

/// A table of the nuclear hadron tensor on a grid of (q₀, |q|), as GENIE ≥ 3.2 reads for SuSAv2 and CRPA.
///
/// With q along z, in the rest frame of the nucleus, and W₁…W₅ per nucleon as in ``StructureFunctions``,
///
///     W⁰⁰ = −W₁ + W₂ + q₀² a + 2q₀ W₅/M        W⁰ᶻ = q₀|q| a + |q| W₅/M        Wᶻᶻ = W₁ + |q|² a
///     Wˣˣ = W₁        Im Wˣʸ = −|q| W₃/(2M)        a = 2q₀ W₄/(M Q²)
///
/// in GeV⁻¹, times A/|V_ud|² and the W propagator 1/(1 + Q²/M_W²)²: GENIE multiplies with |V_ud|² and knows no
/// propagator. Values are per nucleus, as those of CRPA; for antineutrinos GENIE changes the sign of Wˣʸ itself.
///
/// The file: a comment; `Z A type n_q0 n_q`; for each axis a 1 and its values in GeV; then a line
/// `W00 ReW0z Wxx ImWxy Wzz` for every point, |q| fastest.
package struct HadronTensorTable: Sendable, Equatable {
  /// Comment in the first line.
  package var comment: String
  /// Z.
  package var protons: Int
  /// A.
  package var nucleons: Int
  /// Name of the kind of tensor, `QE_CRPA_Low`.
  package var type: String
  /// q₀ in GeV, increasing.
  package var energies: [Double]
  /// |q| in GeV, increasing.
  package var momenta: [Double]
  /// W⁰⁰, W⁰ᶻ, Wˣˣ, Im Wˣʸ, Wᶻᶻ in GeV⁻¹, shape [5][energies · momenta].
  package var components: [[Double]]

  /// Smallest Q² in GeV² at which structure functions are evaluated: interpolation next to Q² = 0 needs points beyond.
  private static let leastQ2 = 1e-4

  /// Tabulates a model.
  ///
  /// - Parameters:
  ///   - factor: on the model.
  ///   - threads: number of threads.
  package init(
    of model: any StructureFunctionModel, reaction: Reaction, factor: Double = 1, energies: [Double],
    momenta: [Double], type: String, comment: String, threads: Int = 1
  ) throws {
    (self.energies, self.momenta, self.type, self.comment) = (energies, momenta, type, comment)
    (protons, nucleons) = (reaction.target.protons, reaction.target.nucleons)
    let scale = factor * Double(nucleons) / (PhysicalConstants.vud * PhysicalConstants.vud)
    let rows = try Parallel.map(energies.count, threads: threads) { row -> [[Double]] in
      let q0 = energies[row]
      let q2 = momenta.map { max(($0 - q0) * ($0 + q0), Self.leastQ2) }
      let points = InvariantPoints(omega: [Double](repeating: q0, count: q2.count), q2: q2)
      let w = try model.structureFunctions(of: reaction, at: points).w
      var values = [[Double]](repeating: [Double](repeating: 0, count: q2.count), count: 5)
      for point in q2.indices {
        let tensor = Self.components(w.map { $0[point] }, q0: q0, q2: q2[point])
        for component in 0..<5 {
          values[component][point] = scale * Self.propagator(q2[point]) * tensor[component]
        }
      }
      return values
    }
    components = (0..<5).map { component in rows.flatMap { $0[component] } }
  }

  /// Components of the tensor in GeV⁻¹ per nucleon, in the order of the file, from W₁…W₅.
  private static func components(_ w: [Double], q0: Double, q2: Double) -> [Double] {
    let mass = PhysicalConstants.nucleonMass
    let momentum = (q2 + q0 * q0).squareRoot()
    let a = 2 * q0 * w[3] / (mass * q2)
    return [
      -w[0] + w[1] + q0 * q0 * a + 2 * q0 * w[4] / mass, q0 * momentum * a + momentum * w[4] / mass, w[0],
      -momentum * w[2] / (2 * mass), w[0] + momentum * momentum * a,
    ]
  }

  static func propagator(_ q2: Double) -> Double {
    let root = 1 + q2 / (PhysicalConstants.wBosonMass * PhysicalConstants.wBosonMass)
    return 1 / (root * root)
  }

  /// Returns increasing values from `low` to `high`: steps of `step`, which grow with the distance from zero beyond
  /// `scale`, as peaks get wider.
  package static func axis(_ low: Double, _ high: Double, step: Double, scale: Double = 0.5) -> [Double] {
    let (first, last) = (asinh(low / scale), asinh(high / scale))
    let count = max(2, Int(((last - first) * scale / step).rounded(.up)))
    return (0...count).map { i in
      i == 0 ? low : i == count ? high : scale * sinh(first + (last - first) * Double(i) / Double(count))
    }
  }

  /// The text of the file, with eight digits.
  package var text: String {
    func line(_ values: [Double]) -> String {
      values.map { String(format: "%.8g", $0) }.joined(separator: " ") + "\n"
    }
    var text = "# \(comment)\n\(protons) \(nucleons) \(type) \(energies.count) \(momenta.count)\n"
    text += "1 " + line(energies) + "1 " + line(momenta)
    text.reserveCapacity(text.utf8.count + 80 * energies.count * momenta.count)
    for point in 0..<energies.count * momenta.count { text += line(components.map { $0[point] }) }
    return text
  }
}
