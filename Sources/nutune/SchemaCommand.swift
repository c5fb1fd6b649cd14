import ArgumentParser
import NuTuneCatalog
import NuTuneCore

/// `nutune schema`.
struct SchemaCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema",
    abstract: "Prints the JSON Schema of study files, for editors, or their reference, for people.",
    discussion: """
      Example:
        nutune schema > catalogs/schema/study.schema.json
        nutune schema --markdown > docs/reference/study.md
        nutune schema --markdown --of experiment
      """)

  @Flag(help: "Print every key of a study and every parameter of the plugins as Markdown tables.")
  var markdown = false

  @Option(
    name: .customLong("of"),
    help: ArgumentHelp(
      "Whose reference: study, or one of "
        + EntryReference.kinds.map(\.singular).joined(separator: ", ") + "; goes with --markdown.", valueName: "kind"))
  var subject = "study"

  @OptionGroup
  var plugins: PluginOptions

  func run() throws {
    let registry = try plugins.registry()
    if subject != "study" { return try StandardOutput.write(try page(registry)) }
    try StandardOutput.write(
      markdown ? StudyReference.markdown(registry) : try StudySchema.document(registry).rendered())
  }

  /// Returns the reference page of the entries of a kind.
  private func page(_ registry: Registry) throws -> String {
    let names = ["study"] + EntryReference.kinds.map(\.singular)
    guard let kind = EntryReference.kinds.first(where: { $0.singular == subject }),
      let page = EntryReference.markdown(kind, registry)
    else {
      throw NuTuneError(
        .usage, key: "--of", found: "“\(subject)”", expected: "one of \(names.joined(separator: ", "))",
        suggestion: Suggestion.nearest(to: subject, among: names))
    }
    guard markdown else {
      throw NuTuneError(.usage, key: "--of", found: "\(subject) without --markdown", expected: "--markdown beside it")
    }
    return page
  }
}
