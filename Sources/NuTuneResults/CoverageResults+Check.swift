import NuTuneFiles

extension CoverageResults: ReadBack {
  /// Throws for shares outside 0…1 and counts below zero.
  package func check() throws {
    let expected = Set(parameters)
    for (label, model) in models {
      let key = "models.\(label)"
      try ReadBackCheck.require(
        model.experiments >= 0 && model.failed >= 0 && model.experiments <= experiments - model.failed,
        "\(key).experiments", "\(model.experiments) and \(model.failed) failed", "together at most \(experiments)")
      for (name, fractions) in [("coverage_68", model.coverage68), ("coverage_95", model.coverage95)] {
        for (parameter, fraction) in fractions {
          let key = "\(key).\(name).\(parameter)"
          try ReadBackCheck.require(
            parameter == "joint" || expected.contains(parameter), key, "a parameter that was not fitted",
            "one of \(parameters.joined(separator: ", "))")
          try ReadBackCheck.require(
            (0...1).contains(fraction.fraction), "\(key).fraction", "\(fraction.fraction)", "a share from 0 to 1")
          try ReadBackCheck.require(
            fraction.error > 0 && fraction.error <= 1, "\(key).error", "\(fraction.error)", "an error of a share")
        }
      }
    }
  }
}
