import NuTuneCore
import NuTuneFiles
import NuTuneResults

extension OscillationFit.Record: ReadBack {
  /// Refuses fits of which a scan, an interval or a parameter is missing.
  package func check() throws {
    do {
      try results.check()
    } catch var error as NuTuneError {
      error.key = error.key.map { "results.\($0)" }
      throw error
    }
    for name in results.parameters {
      try ReadBackCheck.require(
        results.intervals[name] != nil, "results.intervals.\(name)", "no value", "one for each parameter")
    }
    try ReadBackCheck.require(
      (axes == nil) == (scan == nil), "scan", axes == nil ? "values without axes" : "axes without values", "both")
    guard let axes, let scan else { return }
    for (key, edges) in [("axes.x", axes.x), ("axes.y", axes.y)] {
      try ReadBackCheck.require(
        edges.count >= 2 && zip(edges, edges.dropFirst()).allSatisfy { $0 < $1 }, key, "\(edges.count) points",
        "at least two, increasing")
    }
    try ReadBackCheck.count(scan, axes.x.count * axes.y.count, "scan", "one for each point of the axes")
  }
}
