import ArgumentParser
import BuiltInPlugins
import NuTuneStudy

/// `nutune schema`.
struct SchemaCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema",
    abstract: "Prints the JSON Schema of study files, for editors.",
    discussion: """
      Example:
        nutune schema > catalogs/schema/study.schema.json
      """)

  func run() throws {
    try StandardOutput.write(try StudySchema.document(try BuiltInPlugins.registry()).rendered())
  }
}
