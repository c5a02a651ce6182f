namespace SynthStudio.Cli.Outcome;

/// <summary>Input that the user must mend; the message names the option, file, column or row.</summary>
internal sealed class BadInputException(string message) : Exception(message);
