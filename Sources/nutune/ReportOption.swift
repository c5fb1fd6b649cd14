import ArgumentParser

/// `--no-report`, of every command that ends with a report.
struct ReportOption: ParsableArguments {
  @Flag(name: .long, help: "End with the numbers; `nutune report` draws the figures later, on another machine too.")
  var noReport = false

  /// Whether figures and a page are made.
  var hasReport: Bool { !noReport }
}
