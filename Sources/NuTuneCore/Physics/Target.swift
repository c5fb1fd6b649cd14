/// A nuclear target. Cross sections are per nucleon.
public struct Target: Sendable, Hashable {
  /// Name as in studies, `Ar40` or `CH`.
  public let name: String
  /// Number of protons Z (per formula unit).
  public let protons: Int
  /// Number of nucleons A (per formula unit).
  public let nucleons: Int

  /// Number of neutrons.
  public var neutrons: Int { nucleons - protons }
  /// Z/A.
  public var protonFraction: Double { Double(protons) / Double(nucleons) }
  /// N/A.
  public var neutronFraction: Double { Double(neutrons) / Double(nucleons) }

  /// Whether the target is H1: one proton, without Fermi motion and binding.
  public var isFreeProton: Bool { protons == 1 && nucleons == 1 }

  /// The targets that detectors are made of, by name, with (Z, A).
  public static let known: [String: (protons: Int, nucleons: Int)] = [
    "H1": (1, 1), "C12": (6, 12), "O16": (8, 16), "Ar40": (18, 40), "Fe56": (26, 56), "Pb208": (82, 208),
    "CH": (7, 13), "CH2": (8, 14), "H2O": (10, 18),
  ]

  /// Finds the target named `name`; throws an error that suggests the nearest.
  public init(named name: String, at location: SourceLocation? = nil, key: String? = nil) throws {
    guard let entry = Self.known[name] else {
      throw NuTuneError(
        .badData, at: location, key: key, found: "the target “\(name)”",
        expected: "one of \(Self.known.keys.sorted().joined(separator: ", "))",
        suggestion: Suggestion.nearest(to: name, among: Self.known.keys))
    }
    self.name = name
    self.protons = entry.protons
    self.nucleons = entry.nucleons
  }
}
