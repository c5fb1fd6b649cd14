import ArgumentParser

/// `nutune import`.
struct ImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Makes a catalog entry of a flux, a measurement or events.",
    discussion: """
      Units and the meaning of columns are never guessed: what no option says is asked on a terminal, and named where \
      there is none. What was read is shown before it is written.

      Example:
        nutune import globes flux.txt --area m2 --per GeV --pot 1 --energy GeV \\
          --points centers --name my-nd-fhc --title "My beam" --cite my.bib
        nutune import root flux.root --histogram numu=numu_flux
        nutune import csv --help
      """,
    subcommands: [Globes.self, Root.self, Nuisance.self, HepData.self, CommaSeparated.self, Events.self])
}
