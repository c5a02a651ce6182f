namespace SynthStudio.Testing;

/// <summary>How a program ended.</summary>
/// <param name="ExitCode">What it returned.</param>
/// <param name="Output">Everything on standard output.</param>
/// <param name="Errors">Everything on standard error, without white space around it.</param>
public sealed record CommandResult(int ExitCode, string Output, string Errors)
{
    /// <summary>This result, when the program ended well.</summary>
    /// <exception cref="InvalidOperationException">It did not; the message is all that it said.</exception>
    public CommandResult Succeeded() =>
        ExitCode == 0 ? this : throw new InvalidOperationException($"The program ended with {ExitCode}:\n{Output}\n{Errors}");
}
