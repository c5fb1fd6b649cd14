import NuTuneAnalysis
import NuTuneCore
import NuTuneFiles
import NuTuneResults

extension EnsembleReference: ReadBack {
  /// Refuses a reference that members cannot be compared with.
  package func check() throws {
    try ReadBackCheck.digest(digest, "digest")
    try ReadBackCheck.require(parameters.count >= 2, "parameters", "\(parameters.count)", "at least two")
    try ReadBackCheck.count(trueValues, parameters.count, "true_values", "one for each parameter")
    do {
      try fit.check()
    } catch var error as NuTuneError {
      error.key = error.key.map { "fit.\($0)" }
      throw error
    }
    try ReadBackCheck.require(
      fit.results.parameters == parameters, "fit.results.parameters",
      "[\(fit.results.parameters.joined(separator: ", "))]", "[\(parameters.joined(separator: ", "))]")
    try ReadBackCheck.require(fit.axes != nil, "fit.axes", "none", "the axes on which members are compared")
    try SampleData.check(near, key: "near")
    try SampleData.check(far, key: "far")
    try ReadBackCheck.count(farBinnings, far.count, "far_binnings", "one for each far sample")
    for (index, (binning, data)) in zip(farBinnings, far).enumerated() {
      for axis in binning.grids.flatMap({ [$0.first, $0.second] }) + (binning.hadronic.map { [$0] } ?? []) {
        _ = try Axis(axis.observable, edges: axis.edges)
      }
      try ReadBackCheck.count(data.truth ?? [], binning.count, "far.\(index).truth", "one for each bin")
    }
  }
}

extension EnsembleMember: ReadBack {
  /// Refuses what no member of any plan can be.
  package func check() throws {
    try ReadBackCheck.digest(digest, "digest")
    let parts = [("model", model), ("truth", truth)]
    for (key, outcome) in parts { try outcome?.check(key) }
  }

  /// Refuses the member of another number or set, and one whose fits are not those of the plan.
  package func check(as task: EnsembleTask, of reference: EnsembleReference) throws {
    try ReadBackCheck.require(
      set == task.set, "set", "a member of the set “\(set)”",
      "one of “\(task.set)”, or no file: `nutune ensemble run` computes it")
    try ReadBackCheck.require(
      member == task.member, "member", "member \(member)",
      "member \(task.member), or no file: `nutune ensemble run` computes it")
    for (key, outcome) in [("model", model), ("truth", truth)] { try outcome?.check(key, against: reference) }
  }
}

extension EnsembleMember.Outcome {
  fileprivate func check(_ key: String) throws {
    for (name, tv) in [("near_tv", nearTv), ("far_tv", farTv)] {
      try ReadBackCheck.require((0...1.000001).contains(tv), "\(key).\(name)", "\(tv)", "a distance from 0 to 1")
    }
    for (name, intervals) in [("one_sigma", oneSigma), ("two_sigma", twoSigma)] {
      for (index, ends) in intervals.enumerated() {
        try ReadBackCheck.require(
          ends.count == 2 && ends[0] <= ends[1], "\(key).\(name).\(index)", "\(ends)", "a lower and an upper end")
      }
    }
    for (index, sample) in far.enumerated() { try ReadBackCheck.probabilities(sample, "\(key).far.\(index)") }
  }

  fileprivate func check(_ key: String, against reference: EnsembleReference) throws {
    let count = reference.parameters.count
    try ReadBackCheck.count(fit, count, "\(key).fit", "one for each parameter")
    try ReadBackCheck.count(oneSigma, count, "\(key).one_sigma", "one for each parameter")
    try ReadBackCheck.count(twoSigma, count, "\(key).two_sigma", "one for each parameter")
    if let axes = reference.fit.axes {
      try ReadBackCheck.count(scan, axes.x.count * axes.y.count, "\(key).scan", "one for each point of the axes")
    }
    try ReadBackCheck.count(far, reference.farBinnings.count, "\(key).far", "one for each far sample")
    for (index, (sample, binning)) in zip(far, reference.farBinnings).enumerated() {
      try ReadBackCheck.count(sample, binning.count, "\(key).far.\(index)", "one for each bin")
    }
  }
}
