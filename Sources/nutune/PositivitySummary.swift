import Foundation
import NuTuneCatalog
import NuTuneCore
import NuTuneFolding

/// The part of `nutune show` about the hadron tensor of a cross-section plugin: where it is positive, and where it is
/// clipped to be.
struct PositivitySummary {
  /// The beam for the shares of the rate.
  private static let beam = "dune-nd-fhc"
  private static let target = "Ar40"

  /// The shares.
  let share: PositivityShare

  /// Summarises a plugin with its default parameters; nil for one that has no structure functions before it is tuned,
  /// needs parameters, does not serve ν_μ on argon, or when the beam is not in the catalog.
  init?(of descriptor: PluginDescriptor, registry: Registry, catalog: Catalog) throws {
    let schema = descriptor.parameters
    guard descriptor.kind == .crossSection, !schema.declarations.contains(where: \.isRequired),
      catalog.path(of: .fluxes, named: Self.beam) != nil
    else { return nil }
    let plugin: any CrossSectionModel = try registry.make(
      .crossSection, named: descriptor.name, PluginConfiguration(parameters: schema.defaults()))
    guard !(plugin is any TunableModel), let model = plugin as? any StructureFunctionModel else { return nil }
    let reaction = Reaction(species: .numu, target: try Target(named: Self.target))
    guard (try? model.check([reaction])) != nil else { return nil }
    let flux = try Self.flux(registry, catalog)
    let range = flux.breakpoints[0]...flux.breakpoints[flux.breakpoints.count - 1]
    share = try PositivityShare(of: model, reaction: reaction, energies: range) {
      try flux.density(of: .numu, at: $0)
    }
  }

  private static func flux(_ registry: Registry, _ catalog: Catalog) throws -> any FluxProvider {
    let entry = try catalog.entry(.fluxes, named: beam)
    let name = entry.node["model"]?.text ?? ""
    let descriptor = try registry.descriptor(.flux, named: name)
    let parameters = try descriptor.parameters.values(from: entry.values, path: "", ignoring: ["model"])
    let folder = entry.path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
    return try registry.make(
      .flux, named: name, PluginConfiguration(parameters: parameters, directory: folder.isEmpty ? "." : folder))
  }

  /// Text for readers.
  var text: String {
    """
    Hadron tensor, shares of the ν_μ rate on \(Self.target) in \(Self.beam):
      W₃ held at its bound |W₃||q|/2M = W₁    \(Self.percent(share.atBound))
      W_T, W_L or |W₃| beyond its bound       \(Self.percent(share.violated))
      d²σ held at zero                        \(Self.percent(share.held))

    """
  }

  /// JSON for programs.
  var json: JSONValue {
    [
      "flux": .text(Self.beam), "channel": "numu", "target": .text(Self.target),
      "share_w3_at_bound": .number(share.atBound), "share_not_positive": .number(share.violated),
      "share_held_at_zero": .number(share.held),
    ]
  }

  private static func percent(_ share: Double) -> String {
    guard share > 0 else { return "0 %" }
    return String(format: "%.2g %%", 100 * share)
  }
}
