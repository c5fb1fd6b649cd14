import NuTuneCore
import NuTuneFiles
import NuTuneResults

/// What a study has to cite: this program, the method, its plugins, and the catalog entries it used.
package enum StudyCitations {
  /// The method of this program.
  package static let method = Citation(
    key: "Hackett:2024xnq",
    bibtex: """
      @article{Hackett:2024xnq,
        author = "Hackett, Daniel C. and Isaacson, Joshua and Li, Shirley Weishi and Tame-Narvaez, Karla and \
      Wagman, Michael L.",
        title = "{Machine Learning Neutrino-Nucleus Cross Sections}",
        eprint = "2412.16303",
        archivePrefix = "arXiv",
        year = "2024"
      }
      """)

  /// This program, in the version that runs.
  package static let program = Citation(
    key: "NuTune",
    bibtex: """
      @software{NuTune,
        author = "{The NuTune authors}",
        title = "{NuTune: tuning neutrino-nucleus cross sections on near-detector data}",
        version = "\(NuTuneVersion.current)",
        license = "MIT",
        year = "2026"
      }
      """)

  /// The citations of an effective study, each once: this program and its method first.
  ///
  /// Catalog entries are looked up by the names the study kept; one that is gone is an error.
  package static func citations(of study: EffectiveStudy, registry: Registry, catalog: Catalog) throws -> [Citation] {
    var citations = [program, method]
    func add(_ more: [Citation]) {
      for citation in more where !citations.contains(where: { $0.key == citation.key }) { citations.append(citation) }
    }
    for (path, value) in study.values.sorted(by: { $0.key < $1.key }) {
      let parts = path.split(separator: ".").map(String.init)
      guard case .text(let name) = value, let last = parts.last else { continue }
      if last == "model", let kind = kind(of: parts) {
        // A plugin of a library that is not loaded is somebody else's to cite.
        let isBuiltIn = study.plugins?.isEmpty ?? true
        do {
          add(try registry.descriptor(kind, named: name, key: path).citations)
        } catch  where !isBuiltIn {}
      } else if let kind = catalogKind(of: parts) {
        add(try catalog.entry(kind, named: name, key: path).citations)
      }
    }
    return citations
  }

  /// The kind of plugin that `….model` names.
  private static func kind(of path: [String]) -> PluginKind? {
    switch path.first {
    case "truth", "models": .crossSection
    case "oscillation" where path.count == 2: .oscillation
    case "far": path.contains("detector") ? .detector : nil
    case "experiment", "joint", "predict":
      path.contains("detector") ? .detector : path.contains("fluxes") ? .flux : nil
    default: nil
    }
  }

  /// The kind of catalog entry that a path names.
  private static func catalogKind(of path: [String]) -> CatalogKind? {
    if isExperiment(path.dropLast()), path.last == "base" { return .experiments }
    if path == ["oscillation", "preset"] { return .oscillations }
    if path == ["systematics", "flux", "covariance"] { return .fluxCovariances }
    switch (path.first, path.last) {
    case ("experiment", "base"), ("joint", "base"), ("predict", "base"):
      return path.contains("fluxes") ? .fluxes : nil
    case ("truth", "base"), ("models", "base"): return .priors
    default: return nil
    }
  }

  /// Whether a path is that of an experiment: `experiment`, `joint.label`, `predict.experiment`.
  private static func isExperiment(_ path: ArraySlice<String>) -> Bool {
    switch path.first {
    case "experiment": path.count == 1
    case "joint", "predict": path.count == 2
    default: false
    }
  }
}
