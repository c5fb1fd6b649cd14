import ArgumentParser
import NuTuneStudy

/// `nutune schema`.
struct SchemaCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema",
    abstract: "Prints the JSON Schema of study files, for editors, or their reference, for people.",
    discussion: """
      Example:
        nutune schema > catalogs/schema/study.schema.json
        nutune schema --markdown > docs/study-reference.md
      """)

  @Flag(help: "Print every key of a study and every parameter of the plugins as Markdown tables.")
  var markdown = false

  @OptionGroup
  var plugins: PluginOptions

  func run() throws {
    let registry = try plugins.registry()
    try StandardOutput.write(
      markdown ? StudyReference.markdown(registry) : try StudySchema.document(registry).rendered())
  }
}
