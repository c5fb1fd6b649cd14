import Foundation
import NuTuneCore
import NuTuneNumerics

/// A cross-section file of GLoBES: 1001 lines in equal steps of log₁₀(E/GeV), each with σ/E in 10⁻³⁸ cm²/GeV per
/// nucleon of ν_e, ν_μ, ν_τ, ν̄_e, ν̄_μ, ν̄_τ. GLoBES interpolates between lines linearly.
package enum GlobesCrossSection {
  /// Number of lines that GLoBES expects.
  package static let lines = 1001
  private static let species: [NeutrinoSpecies?] = [.nue, .numu, nil, .nuebar, .numubar, nil]

  /// Returns the file of a model. Flavours that the model does not serve, and ν_τ, are zero; the header names them.
  package static func file(_ model: ExportedModel, _ settings: ExportSettings) throws -> ExportedFile {
    let energies = settings.energies.filter { model.model.energyRange?.contains($0) != false }
    guard energies.count >= 4, let first = energies.first, let last = energies.last else {
      throw NuTuneError(
        .usage, key: "--energies", found: "\(energies.count) energies that “\(model.label)” serves",
        expected: "at least four")
    }
    let logarithms = (0..<lines).map { log10(first) + log10(last / first) * Double($0) / Double(lines - 1) }
    var absent: [String] = ["nutau", "nutaubar"]
    let columns = try species.map { species -> [Double] in
      guard let species, (try? model.model.check([model.reaction(species)])) != nil else {
        if let species { absent.append(species.rawValue) }
        return [Double](repeating: 0, count: lines)
      }
      return try column(model, species, energies, logarithms, threads: settings.threads)
    }
    let statements = model.statements(model.channels[0]).filter { $0.key != "channel" && $0.key != "scale" }
    let scales = species.compactMap { $0 }.filter { !absent.contains($0.rawValue) }
      .map { ("scale of \($0.rawValue)", scale(model, $0).sentence) }
    let header =
      statements + scales + [
        ("zero", absent.joined(separator: ", ")),
        ("columns", "log10(E/GeV), sigma/E in 1e-38 cm2/GeV per nucleon of nue numu nutau nuebar numubar nutaubar"),
      ]
    var text = header.map { "# \($0.0): \($0.1)\n" }.joined()
    for line in 0..<lines {
      text += ([logarithms[line]] + columns.map { $0[line] }).map { String(format: "%.10g", $0) }.joined(separator: " ")
      text += "\n"
    }
    return ExportedFile(
      name: "\(ExportedFile.name(of: model.label)).dat", note: "σ/E of GLoBES", content: .text(text))
  }

  /// The scale of a channel, that of the other flavour with the same neutrino sign where the run knows only that one.
  private static func scale(_ model: ExportedModel, _ species: NeutrinoSpecies) -> ExportScale {
    model.scales[species] ?? model.scales.first { $0.key.helicity == species.helicity }?.value ?? .absolute
  }

  /// Returns σ/E at the lines, zero below threshold: totals at the energies, between them Steffen's monotone spline.
  private static func column(
    _ model: ExportedModel, _ species: NeutrinoSpecies, _ energies: [Double], _ logarithms: [Double], threads: Int
  ) throws -> [Double] {
    var scaled = model
    scaled.scales[species] = scale(model, species)
    let values = try scaled.totals(species, at: energies, threads: threads).values
    let spline = try Spline(
      .steffen, x: energies.map { log10($0) }, y: zip(values, energies).map { $0 / $1 })
    let (low, high) = (log10(energies[0]), log10(energies[energies.count - 1]))
    return try logarithms.map { max(0, try spline.value(at: min(max($0, low), high))) }
  }
}
