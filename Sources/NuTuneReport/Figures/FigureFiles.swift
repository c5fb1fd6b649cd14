import Foundation
import NuTuneCore
import NuTuneFiles

/// `figures/` of a folder: each figure as PDF, SVG and gnuplot script, its numbers as CSV.
struct FigureFiles: Sendable {
  /// The folder that contains `figures/`.
  var folder: String
  /// Start time of the study (ISO 8601), which dates the PDFs.
  var started: String
  /// The gnuplot that draws the figures.
  var gnuplot: Gnuplot
  /// Largest number of gnuplot processes at a time.
  var jobs: Int

  /// Draws the figures, then writes their files and removes the files of figures that no longer exist; returns the
  /// figures as elements of a page.
  func write(_ figures: [Figure], progress: ((String) -> Void)? = nil) throws -> [FigureElement] {
    let scripts = figures.map { (name: $0.name, text: $0.drawing.text(name: $0.name)) }
    let renderings = try gnuplot.render(scripts, jobs: jobs, progress: progress)
    let elements = zip(figures, renderings).map { FigureElement(figure: $0, picture: VectorGraphic(gnuplot: $1.svg)) }

    let figureFolder = FilePath.join(folder, "figures")
    try AtomicFile.makeFolder(figureFolder)
    let names = figures.flatMap { figure in
      ["pdf", "svg", "gnuplot"].map { "\(figure.name).\($0)" } + figure.tables.map { "\($0.name).csv" }
    }
    try AtomicFile.own(names, in: figureFolder)
    for (number, element) in elements.enumerated() {
      let figure = element.figure
      let path = "\(figureFolder)/\(figure.name)"
      try AtomicFile.write(PortableDocument.dated(renderings[number].pdf, started: started), to: "\(path).pdf")
      try AtomicFile.write(element.picture.file(title: figure.title), to: "\(path).svg")
      try AtomicFile.write(scripts[number].text, to: "\(path).gnuplot")
      for table in figure.tables { try AtomicFile.write(table.text, to: "\(figureFolder)/\(table.name).csv") }
    }
    return elements
  }
}
