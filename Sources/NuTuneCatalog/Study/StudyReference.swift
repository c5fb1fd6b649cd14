import NuTuneCore

/// The reference of study files for people, made from the same declarations that check them.
package enum StudyReference {
  /// Every key of a study and every parameter of the plugins of a registry, as Markdown.
  package static func markdown(_ registry: Registry) -> String {
    var text = """
      # Study reference

      Made by `nutune schema --markdown`; numbers may carry their unit or another one of the same dimension
      (`0.5 GeV`, `300 MeV`, `295 m`, `-90 deg`, `3 %`). Entries of catalogs have pages of their own:
      \(EntryReference.kinds.map { "[\($0.singular)](\($0.singular).md)" }.joined(separator: ", ")).

      | key | what it is |
      |---|---|
      | `schema` | `\(StudyConfiguration.schemaName)` |
      | `name`, `title` | name (which can be a file name), title for people |
      | `base` | the study that this one is a variant of, one of the catalog or a file: what is not said here is as there; `plugins` are not taken over |
      | `experiment` | a catalog entry by name; or a mapping, which may build on one: `{base: dune, target: C12}` |
      | `joint` | `label: experiment` for every further experiment whose near data are learned together |
      | `predict` | another experiment to predict, by name or as `{experiment: nova, at: far}` (`far`, `near`, or a position) |
      | `channels` | \(NeutrinoSpecies.allCases.map { "`\($0.rawValue)`" }.joined(separator: ", ")) |
      | `modes` | horn modes; the first of the experiment when left out |
      | `truth` | `{model: name, parameter: value, …}`: the cross section that makes the data; or a trained model, `{trained: RUN#LABEL}` |
      | `data` | measurements of the catalog in place of `truth`, `experiment` and `channels`: a list to learn from, or `{learn: [names], predict: [names]}`; in place of a name `{measurement: name, name: below-7, select: {longitudinal_momentum: [.., 7]}}` takes the bins within ranges of the observables, whose ends are edges of bins, under a name of their own; several parts of one measurement share no bin and have its covariance in common; `{measurement: name, weight: 0.25}` under `learn` lets χ² of a measurement count a quarter in what models minimise, as if its errors were twice as large |
      | `models` | `label: {model: name, parameter: value, …}` for every model to tune and compare; with `tune_on: [positions]`, `tune_on_channels: [channels]` and `network_seed` of its own if wanted; `label: {trained: RUN#LABEL}` for a model that a run trained, or the name that it has in a catalog, which stays as it is; `label: none` for a model of the base that this study does without |
      | `near.nuisance.hadronic` | `scale: 0.03` for a number of the hadronic response of the near detectors, by the name of its parameter: the standard deviation of a Gaussian prior around the detector's number, or `free`; models that learn fit it with themselves, and far detectors with hadronic bins follow, with the posterior that near data leave |
      | `far.samples` | `name: {mode: fhc, components: {numu-to-nue: 1092, nue-to-nue: 190}}`: samples of the far detector that are sums of components with the same bins, with numbers of events or `rate`; a list of leptons, `[muons, electrons]`, stands for a sample of each in every horn mode, with components of both neutrino signs by `rate`; every channel in every horn mode when left out; `binning` of its own if wanted |
      | `far.samples.NAME.detector` | `{model: name, parameter: value, …}`: the response of this sample in place of that of the far detector, so that electrons may have another efficiency and resolution than muons |
      | `far.samples.NAME.backgrounds` | `name: {events: 91, shape: flat, norm: 0.1}`: events that no charged-current model predicts; `shape` is `flat` or the contents of the bins in their order, or `file: name.csv` with `column` in its place; without `events` the contents are events; `norm` is a relative uncertainty that the fit profiles, with backgrounds of the same name in other samples |
      | `likelihood.norm.sample` | `name: 0.03` for a sample of `far.samples`: relative uncertainty of its charged-current events, or `free`, profiled in a fit of numbers |
      | `likelihood.norm.experiment` | `name: {common: 0.03, electron: 0.02}` for an experiment with far samples, the main one or one of `joint`: the norms of `likelihood.norm` that act on its far samples alone, each a pull of its own beside those of all |
      | `far.events_at` | `{preset: entry, parameter: value, …}`: oscillation parameters at which events of components are given; those of the study when left out |
      | `oscillation` | `{model: name, preset: entry, fit: [parameters], parameter: value, …}` |
      | `scan` | `{over: near.events, values: [1e6, 1e7]}`: values of one key, each of which makes a variant of the study for `nutune scan`; no other command looks at it |
      | `plugins` | libraries of plugins to load: paths relative to the study, or names found in `NUTUNE_PLUGIN_PATH` |

      """
    for (key, schema) in StudyConfiguration.sectionSchemas {
      text += "\n## `\(key)`\n\n" + EntryReference.table(schema)
    }
    text += "\n## `experiment.baseline`\n\n" + EntryReference.table(ExperimentConfiguration.baselineSchema)
    for kind in PluginKind.allCases {
      for descriptor in registry.descriptors(of: kind) {
        text += "\n## \(kind.rawValue) `\(descriptor.name)`\n\n\(descriptor.summary)\n"
        if !descriptor.parameters.declarations.isEmpty { text += "\n" + EntryReference.table(descriptor.parameters) }
        for component in descriptor.components {
          text +=
            "\n`\(component.name)`: \(component.meaning); the name of a catalog entry (priors) or of a trained "
            + "model, `{trained: RUN#LABEL}`, `{model: \(component.kind.rawValue) plugin, parameter: value, …}`, "
            + "`{base: entry, parameter: value, …}`, or `none`.\n"
        }
      }
    }
    return text
  }
}
