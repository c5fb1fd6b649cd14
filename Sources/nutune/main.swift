import Foundation

// A reader that goes away (`nutune list | head -1`) is seen as a failed write, not as a signal.
signal(SIGPIPE, SIG_IGN)
// A file that may not grow is a failed write as well.
signal(SIGXFSZ, SIG_IGN)

// A standard stream that the caller closed (`2>&-`) keeps its number: a file of the run must not get it. Opened for
// reading, it still refuses what is written.
for stream in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] where fcntl(stream, F_GETFD) == -1 {
  _ = open("/dev/null", O_RDONLY)
}

// A process that tries plugins tells of their crashes by its own.
if CommandLine.arguments.dropFirst().first != "plugin" { MemoryExhaustion.watch() }
Interruption.watch()

do {
  try Nutune.checkLimits()
  let arguments = ColumnsArgument.joined(Array(CommandLine.arguments.dropFirst()))
  try Nutune.checkWords(arguments[...])
  try Nutune.checkVerb(arguments[...])
  var command = try Nutune.parseAsRoot(arguments)
  try command.run()
} catch {
  Nutune.end(Failure(error).report())
}
Nutune.end(0)
