import NuTuneCore

/// The reference of catalog entries for people, made from the same declarations that check them.
package enum EntryReference {
  /// The kinds of entry that have a page.
  package static let kinds: [CatalogKind] = [.experiments, .fluxes, .fluxCovariances, .oscillations, .measurements]

  /// Every key of the entries of a kind, as Markdown; nil for a kind without a page.
  ///
  /// - Parameters:
  ///   - kind: of the entries.
  ///   - registry: the plugins whose parameters entries may give.
  package static func markdown(_ kind: CatalogKind, _ registry: Registry) -> String? {
    guard let body = body(kind, registry) else { return nil }
    let title = kind.singular.replacing("-", with: " ")
    return """
      # \(title.prefix(1).uppercased())\(title.dropFirst()) entries

      A file `catalogs/\(kind.rawValue)/NAME.yaml`. Made by `nutune schema --markdown --of \(kind.singular)`. Numbers may carry
      their unit or another one of the same dimension (`300 MeV`, `295 m`, `-90 deg`, `3 %`).

      ## Every entry

      \(table(CatalogEntry.descriptions(of: kind)))
      """ + body
  }

  private static func body(_ kind: CatalogKind, _ registry: Registry) -> String? {
    switch kind {
    case .experiments: experiment
    case .fluxes: plugins(.flux, registry, "Which plugin makes the flux stands in `model`, its parameters beside it.")
    case .oscillations:
      "\n## Values\n\n" + table(OscillationConfiguration.entryKeys)
        + plugins(.oscillation, registry, "What may stand under `parameters`, by the model that a study names.")
    case .fluxCovariances: covariance
    case .measurements:
      "\n## Values\n\n" + table(MeasurementConfiguration.entryKeys)
        + "\n### Numbers\n\n" + table(MeasurementConfiguration.numbers)
        + "\n### Each of `covariances`\n\n" + table(CovarianceReading.keys)
    case .studies, .priors, .stories, .crossSections: nil
    }
  }

  private static var experiment: String {
    let far = [DetectorConfiguration.events, DetectorConfiguration.farFlux]
    return "\n## Values\n\n" + table(ExperimentConfiguration.entryKeys)
      + "\n## `baseline`\n\n" + table(ExperimentConfiguration.baselineSchema)
      + "\n## `near`, `far`\n\n" + table(DetectorConfiguration.entryKeys)
      + "\n### `exposure`\n\n" + table(DetectorConfiguration.exposureSchema)
      + "\n### Of `far` alone\n\n" + table(ParameterSchema(far))
      + "\n### `binning`\n\nTwo of these, each a list of edges, `{from: 0.2, to: 8, bins: 39}`, or a list of both; "
      + "`hadronic_energy` may stand beside them where the detector measures it. A list of such blocks is bins that follow one "
      + "another, each with edges of its own.\n\n"
      + "| observable | unit |\n|---|---|\n"
      + Observable.allCases.map { "| `\($0.rawValue)` | \($0.unit) |\n" }.joined()
      + "\nEdges of `quasielastic_energy` may stand beside a binding energy, `{edges: [0, 0.5, 1], binding_energy: 0.027}`;"
      + " without another observable all angles are one bin.\n\n"
      + table(Axis.bindingEnergySchema)
  }

  private static var covariance: String {
    "\n## A published matrix\n\n" + table(FluxCovarianceConfiguration.tableKeys)
      + "\n## Components written out\n\n" + table(ParametrizedFluxCovariance.entryKeys)
      + "\n### Each of `components`\n\n"
      + table(FluxCovarianceComponent.schema(sites: DetectorSite.allCases, spectra: []))
  }

  private static func plugins(_ kind: PluginKind, _ registry: Registry, _ sentence: String) -> String {
    registry.descriptors(of: kind).reduce("\n## Parameters\n\n\(sentence)\n") { text, descriptor in
      text + "\n### `\(descriptor.name)`\n\n\(descriptor.summary)\n"
        + (descriptor.parameters.declarations.isEmpty ? "" : "\n" + table(descriptor.parameters))
    }
  }

  static func table(_ keys: [EntryKey]) -> String {
    keys.reduce("| key | required | allowed | meaning |\n|---|---|---|---|\n") { text, key in
      let cells = ["`\(key.name)`", key.isRequired ? "yes" : "", key.form, key.meaning]
      return text + "| " + cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |\n"
    }
  }

  static func table(_ schema: ParameterSchema) -> String {
    schema.declarations.reduce("| key | unit | default | allowed | meaning |\n|---|---|---|---|---|\n") {
      table, declaration in
      let value = declaration.defaultValue.map { "`\($0)`" } ?? (declaration.isRequired ? "required" : "unset")
      let cells = [
        "`\(declaration.name)`", declaration.unit, value, declaration.domain.description, declaration.meaning,
      ]
      return table + "| " + cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |\n"
    }
  }
}
