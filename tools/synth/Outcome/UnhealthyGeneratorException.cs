namespace SynthStudio.Cli.Outcome;

/// <summary>A generator cannot draw rows now; the message says why.</summary>
internal sealed class UnhealthyGeneratorException(string problem) : Exception(problem);
