namespace SynthStudio.Cli.Outcome;

/// <summary>What scripts rely on.</summary>
internal static class ExitCode
{
    public const int Done = 0;

    /// <summary>Anything that is neither the user's nor an interruption.</summary>
    public const int Failed = 1;

    /// <summary>Bad input: the message names the column, row or option.</summary>
    public const int BadInput = 2;

    /// <summary>Ctrl-C, after a clean cancel.</summary>
    public const int Interrupted = 130;
}
