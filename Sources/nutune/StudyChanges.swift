import ArgumentParser

/// Values that replace those of a study.
struct StudyChanges: ParsableArguments {
  @Option(
    name: .customLong("set"), parsing: .singleValue,
    help: ArgumentHelp("Another value for a key of the study; may be repeated.", valueName: "path.to.key=value"))
  var changes: [String] = []
}
