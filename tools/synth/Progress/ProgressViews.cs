using Spectre.Console;

namespace SynthStudio.Cli.Progress;

/// <summary>Chooses how to show progress.</summary>
internal static class ProgressViews
{
    /// <summary>Bars on a terminal, plain lines into files and pipes.</summary>
    public static IProgressView Create(TimeProvider time)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return Console.IsErrorRedirected || !console.Profile.Capabilities.Interactive
            ? new PlainProgressView(Console.Error, time)
            : new LiveProgressView(console);
    }
}
