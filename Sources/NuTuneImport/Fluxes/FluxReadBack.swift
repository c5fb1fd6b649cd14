import Foundation
import NuTuneCatalog
import NuTuneCore

/// Checks that a written flux entry reproduces its input.
struct FluxReadBack: EntryCheck {
  let flux: ImportedFlux
  let digits: Int?

  /// Makes the flux provider of the entry and compares every bin.
  func check(_ entry: CatalogEntry, registry: Registry) throws {
    for position in flux.positions {
      let provider = try provider(entry, offaxis: position.offaxis, registry)
      for spectrum in position.spectra {
        for bin in spectrum.densities.indices {
          let (low, high) = (spectrum.edges[bin], spectrum.edges[bin + 1])
          let found = try Self.mean(of: provider, spectrum.species, from: low, to: high)
          let tolerance = max(digits.map { 0.5001 * pow(10, 1 - Double($0)) } ?? 0, 1e-9)
          guard abs(found - spectrum.densities[bin]) <= tolerance * spectrum.densities[bin] + .leastNormalMagnitude
          else {
            throw NuTuneError(
              .internalError, at: SourceLocation(file: entry.path), key: spectrum.species.rawValue,
              found: "\(found) from \(low) to \(high) GeV", expected: "\(spectrum.densities[bin]), which was written")
          }
        }
      }
    }
  }

  /// Computes the mean density in a bin. The density is a parabola there, which three points integrate exactly.
  private static func mean(
    of provider: any FluxProvider, _ species: NeutrinoSpecies, from low: Double, to high: Double
  ) throws -> Double {
    let (center, offset) = ((low + high) / 2, (high - low) / 2 * 0.6.squareRoot())
    let densities = try provider.density(of: species, at: [center - offset, center, center + offset])
    return (5 * densities[0] + 8 * densities[1] + 5 * densities[2]) / 18
  }

  private func provider(_ entry: CatalogEntry, offaxis: Double?, _ registry: Registry) throws -> any FluxProvider {
    let place = SourceLocation(file: entry.path)
    var node = entry.values
    if let offaxis {
      node = try node.setting(["offaxis"], to: ConfigurationNode(.scalar("\(offaxis)", quoted: false), at: place))
    }
    let name = node["model"]?.text ?? ""
    let descriptor = try registry.descriptor(.flux, named: name, at: place)
    let configuration = PluginConfiguration(
      parameters: try descriptor.parameters.values(from: node, path: "", ignoring: ["model"]),
      directory: FilePath.folder(of: entry.path))
    return try registry.make(.flux, named: name, configuration)
  }
}
