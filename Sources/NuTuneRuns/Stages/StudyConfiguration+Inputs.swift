import Foundation
import NuTuneCatalog
import NuTuneCore
import NuTuneFiles

extension StudyConfiguration {
  /// Everything of the effective study below some paths as text, in a fixed order, and the digests of the files named
  /// there and of the libraries that plugins there were loaded from: what a stage depends on.
  func inputs(_ paths: [String]) -> [String] {
    let values = effective.values.filter { key, _ in paths.contains { key == $0 || key.hasPrefix($0 + ".") } }
    var inputs = values.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value.exact)" }
    for selection in selections
    where paths.contains(where: { selection.path == $0 || selection.path.hasPrefix($0 + ".") }) {
      if let library = selection.library { inputs.append("\(selection.path).model#\(library.sha256)") }
      for declaration in selection.parameters.schema.declarations where declaration.domain == .text {
        guard let path = selection.configuration.path(named: declaration.name) else { continue }
        if let digest = Digest.sha256(ofFile: path) { inputs.append("\(selection.path).\(declaration.name)#\(digest)") }
      }
    }
    if paths.contains("systematics") || paths.contains("systematics.flux") {
      inputs += (fluxCovariance?.files ?? []).map { "systematics.flux#\(Digest.sha256(ofFile: $0) ?? "")" }
    }
    return inputs
  }

  /// Every plugin the study chooses, those that others are made of among them.
  private var selections: [PluginSelection] {
    let detectors = nearDetectors + detectors(at: .far)
    let chosen =
      [truth, oscillation.selection] + models + detectors.map(\.detector)
      + detectors.flatMap { $0.fluxes.map(\.selection) }
    return chosen.flatMap(\.withComponents)
  }

  /// Seeds by purpose.
  var seeds: [String: Int] {
    ["study": seed.integer("study"), "network": networkSeed, "data": dataSeed]
  }
}

extension ParameterValue {
  /// Text from which the value can be read back bit for bit.
  fileprivate var exact: String {
    switch self {
    case .number(let value): "\(value)"
    case .numbers(let values): "\(values)"
    default: description
    }
  }
}
