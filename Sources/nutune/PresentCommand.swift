import ArgumentParser
import NuTuneCore
import NuTuneFiles
import NuTuneReport

/// `nutune present`.
struct PresentCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "present",
    abstract: "Tells a story from finished runs: figures and findings in the order of slides.",
    discussion: """
      A story (schema nutune.story/1) says for each slide what it claims, which run and figures answer, and a sentence \
      whose numbers are filled in from that run's results. The page is one self-contained HTML file.

      Example:
        nutune present catalogs/stories/talk.yaml --runs runs/talk \\
          --out runs/talk/talk.html
      """)

  @Argument(help: "A story file, or the name of a story in the catalog.", completion: .file())
  var story: String

  @Option(name: .long, help: "Folder that holds the runs' folders.")
  var runs: String

  @Option(name: .long, help: "The page to write.")
  var out: String

  func run() throws {
    try AtomicFile.write(try Story(story).html(runs: runs), to: out)
    try StandardOutput.write("\(out)\n")
  }
}
