import Foundation
import NuTuneCore
import NuTuneNumerics

/// Grids of F₂, F_L and xF₃ over x and Q in the format of LHAPDF 6 (`lhagrid1`), with the particle numbers of the NNSFν
/// sets: 1001, 1002, 1003 for F₂, F_L, xF₃ of neutrinos, 2001, 2002, 2003 of antineutrinos.
///
///     F₂ = ω W₂        F_L = (1 + 4M²x²/Q²) F₂ − 2x M W₁        xF₃ = x ω W₃
///
/// per nucleon, in G_F²; both signs of xF₃ are positive for quarks. W₄, W₅ (lepton masses), x > 1 and Q² outside the
/// grid do not fit into the format.
package struct StructureFunctionGrid: Sendable {
  /// Knots in x, of which the first lies below the domain, so that slopes at its edge have two sides.
  package var x: [Double]
  /// Knots in Q² in GeV², even in ln Q², of which the first and the last lie outside of the domain.
  package var q2: [Double]

  /// The domain in x; the format has nothing above 1.
  package static let domainX = 1e-3...1
  /// The domain in Q² in GeV².
  package static let domainQ2 = 0.1...1e3

  /// Creates knots that follow what happens in W² at every Q² of the domain.
  ///
  /// They are even in u = ln[x/(1 − (1−ε)x)], where ε is the width of the peak over the largest Q²: at small x in ln x,
  /// and towards x = 1 in ln(W² − M² + peak) at the largest Q², which needs the closest knots.
  ///
  /// - Parameters:
  ///   - count: knots in x, 4 or more.
  ///   - scales: knots in Q², 4 or more.
  ///   - peak: width in W² of the peak at W = M, GeV².
  package init(x count: Int, q2 scales: Int, peak: Double) {
    let epsilon = peak / Self.domainQ2.upperBound
    let lowest = log(Self.domainX.lowerBound / (1 - (1 - epsilon) * Self.domainX.lowerBound))
    let step = (-log(epsilon) - lowest) / Double(count - 2)
    x = (0..<count).map { knot in
      let odds = exp(lowest + Double(knot - 1) * step)
      return knot == count - 1 ? Self.domainX.upperBound : odds / (1 + (1 - epsilon) * odds)
    }
    let ratio = Self.domainQ2.upperBound / Self.domainQ2.lowerBound
    q2 = (0..<scales).map { Self.domainQ2.lowerBound * pow(ratio, Double($0 - 1) / Double(scales - 3)) }
  }

  /// Returns the files of a set: an info file, and a grid of the model and of each member.
  ///
  /// - Parameters:
  ///   - model: what is written.
  ///   - errors: of the model between these knots, as they were measured; the files state them.
  ///   - threads: at most so many at a time.
  package func files(_ model: ExportedModel, errors: Errors, threads: Int) throws -> [ExportedFile] {
    let functions = try model.structureFunctionModel(for: .lhapdf)
    let species = Self.species(of: model)
    let error = String(format: "%.2g %%", 100 * errors.sum)
    let flavors = species.flatMap { Self.flavors($0) }
    let set = ExportedFile.name(of: "\(model.run)-\(model.label)")
    var files = [
      ExportedFile(
        name: "\(set)/\(set).info",
        note:
          "LHAPDF set of F₂, F_L, xF₃ (\(flavors.count) functions), \(x.count) × \(q2.count) knots, right to \(error) of F₂",
        content: .text(info(model, species, flavors, error: error)))
    ]
    for (member, source) in ([functions] + model.members).enumerated() {
      let values = try species.flatMap { species in
        try grid(source, model.reaction(species), factor: model.scale(species).factor, threads: threads)
      }
      let name = String(format: "%04d", member)
      files.append(
        ExportedFile(
          name: "\(set)/\(set)_\(name).dat", note: member == 0 ? "central member" : "draw \(member) of the posterior",
          content: .text(text(values, flavors, type: member == 0 ? "central" : "replica"))))
    }
    return files
  }

  /// The first channel of each neutrino sign, which has the scale: flavours of one sign share their structure functions.
  static func species(of model: ExportedModel) -> [NeutrinoSpecies] {
    [Helicity.neutrino, .antineutrino].compactMap { helicity in model.channels.first { $0.helicity == helicity } }
  }

  /// Particle numbers of F₂, F_L, xF₃.
  static func flavors(_ species: NeutrinoSpecies) -> [Int] {
    let first = species.helicity == .neutrino ? 1001 : 2001
    return [first, first + 1, first + 2]
  }

  /// Returns F₂, F_L and xF₃ at the knots, shape [3][x · Q²], Q² fastest.
  private func grid(
    _ model: any StructureFunctionModel, _ reaction: Reaction, factor: Double, threads: Int
  ) throws -> [[Double]] {
    let rows = try Parallel.map(x.count, threads: threads) { i -> [[Double]] in
      let points = InvariantPoints(
        omega: q2.map { $0 / (2 * PhysicalConstants.nucleonMass * x[i]) }, q2: q2)
      return try Self.functions(model, reaction, at: points).map { $0.map { $0 * factor } }
    }
    return (0..<3).map { function in rows.flatMap { $0[function] } }
  }

  /// Returns F₂, F_L and xF₃ of a model, shape [3][points].
  static func functions(
    _ model: any StructureFunctionModel, _ reaction: Reaction, at points: InvariantPoints
  ) throws -> [[Double]] {
    let mass = PhysicalConstants.nucleonMass
    let w = try model.structureFunctions(of: reaction, at: points).w
    var functions = [[Double]](repeating: [Double](repeating: 0, count: points.count), count: 3)
    for point in 0..<points.count {
      let (omega, q2) = (points.omega[point], points.q2[point])
      let x = q2 / (2 * mass * omega)
      functions[0][point] = omega * w[1][point]
      functions[1][point] = (1 + 4 * mass * mass * x * x / q2) * omega * w[1][point] - 2 * x * mass * w[0][point]
      functions[2][point] = x * omega * w[2][point]
    }
    return functions
  }

  private func text(_ values: [[Double]], _ flavors: [Int], type: String) -> String {
    func line(_ numbers: [Double]) -> String {
      numbers.map { String(format: "%.10e", $0) }.joined(separator: " ") + "\n"
    }
    var text = "PdfType: \(type)\nFormat: lhagrid1\n---\n"
    text += line(x) + line(q2.map { $0.squareRoot() })
    text += flavors.map(String.init).joined(separator: " ") + "\n"
    for knot in 0..<x.count * q2.count { text += line(values.map { $0[knot] }) }
    return text + "---\n"
  }

  /// Masses in GeV and the coupling at that of the Z (PDG 2024).
  private static let (charmMass, bottomMass, zMass, couplingAtZMass) = (1.273, 4.183, 91.1876, 0.118)

  /// Quark masses and a strong coupling, without which LHAPDF loads no set; nothing in the functions depends on them.
  private static var couplingEntries: [(String, String)] {
    let scales = (0...10).map { 0.3 * pow(1000, Double($0) / 10) }
    func list(_ values: [Double]) -> String {
      "[\(values.map { String(format: "%.6g", $0) }.joined(separator: ", "))]"
    }
    return [
      ("MUp", "0.00216"), ("MDown", "0.0047"), ("MStrange", "0.0935"), ("MCharm", "\(charmMass)"),
      ("MBottom", "\(bottomMass)"), ("MTop", "172.57"), ("MZ", "\(zMass)"), ("AlphaS_MZ", "\(couplingAtZMass)"),
      ("AlphaS_OrderQCD", "0"), ("AlphaS_Type", "ipol"), ("AlphaS_Qs", list(scales)),
      ("AlphaS_Vals", list(scales.map { strongCoupling(at: $0) })),
    ]
  }

  /// α_s in leading order: 1/α_s grows by (11 − 2n_f/3)/2π for each unit of ln Q, with five flavours above m_b, four above
  /// m_c and three below.
  ///
  /// - Parameter scale: Q in GeV.
  package static func strongCoupling(at scale: Double) -> Double {
    var (inverse, from) = (1 / couplingAtZMass, zMass)
    for (flavors, threshold) in [(5.0, bottomMass), (4.0, charmMass), (3.0, 0)] {
      let to = max(scale, threshold)
      inverse += (11 - 2 * flavors / 3) / (2 * .pi) * log(to / from)
      if scale >= threshold { break }
      from = threshold
    }
    return 1 / inverse
  }

  private func info(_ model: ExportedModel, _ species: [NeutrinoSpecies], _ flavors: [Int], error: String) -> String {
    let target = model.target
    let scales = species.map { "scale of \($0.rawValue): \(model.scale($0).sentence)" }.joined(separator: "; ")
    let description =
      "F2, FL, xF3 per nucleon of \(target.name), learned by \(model.label) in \(model.run); \(scales); without W4, W5; "
      + "interpolated to \(error) of F2"
    let entries: [(String, String)] =
      [
        ("SetDesc", YAMLText.quoted(description)), ("SetIndex", "0"), ("Authors", "NuTune"), ("Reference", "''"),
        ("Format", "lhagrid1"), ("DataVersion", "1"), ("NumMembers", "\(model.members.count + 1)"),
        ("Particle", "\(target.isFreeProton ? 2212 : 1_000_000_000 + 10_000 * target.protons + 10 * target.nucleons)"),
        ("Flavors", "[\(flavors.map(String.init).joined(separator: ", "))]"), ("OrderQCD", "0"),
        ("FlavorScheme", "fixed"), ("NumFlavors", "4"), ("ErrorType", model.members.isEmpty ? "none" : "replicas"),
        ("XMin", "\(Self.domainX.lowerBound)"), ("XMax", "\(Self.domainX.upperBound)"),
        ("QMin", "\(Self.domainQ2.lowerBound.squareRoot())"), ("QMax", "\(Self.domainQ2.upperBound.squareRoot())"),
        ("Interpolator", "logcubic"), ("Extrapolator", "error"), ("ForcePositive", "0"),
      ] + Self.couplingEntries
    return entries.map { "\($0.0): \($0.1)\n" }.joined()
  }
}
