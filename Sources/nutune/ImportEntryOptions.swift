import ArgumentParser
import NuTuneImport

/// Options of every import.
struct ImportEntryOptions: ParsableArguments {
  @Option(help: "Name of the entry.")
  var name: String?

  @Option(help: "What it is, a line for people.")
  var title: String?

  @Option(help: ArgumentHelp("A BibTeX file with what to cite.", valueName: "file.bib"))
  var cite: String?

  @Flag(help: "There is nothing to cite.")
  var noCitation = false

  @Option(help: ArgumentHelp("The catalogs folder to write into; by default the nearest one.", valueName: "folder"))
  var catalog: String?

  @Flag(help: "Replace an entry of that name.")
  var force = false

  @Flag(help: "Write without asking.")
  var yes = false

  func validate() throws {
    if cite != nil, noCitation { throw ValidationError("found --cite and --no-citation; expected one of the two") }
  }

  var description: EntryDescription.Options {
    var options = EntryDescription.Options()
    (options.name, options.title, options.cite, options.hasNoCitation) = (name, title, cite, noCitation)
    return options
  }
}
