using System.CommandLine;
using SynthStudio.Cli.Outcome;

namespace SynthStudio.Cli.Commands;

/// <summary>A command with its name, options and what it does; every command of the tree is made by one.</summary>
internal static class CliCommand
{
    /// <summary>
    /// Lets <paramref name="command"/> run <paramref name="action"/>: with a token that Ctrl-C cancels, and with every exception turned
    /// into one line and an exit code.
    /// </summary>
    public static Command Does(this Command command, Func<ParseResult, CancellationToken, Task> action)
    {
        command.SetAction(async (parse, _) =>
        {
            using var interruption = new Interruption();
            try
            {
                await action(parse, interruption.Token);
                return ExitCode.Done;
            }
            catch (Exception e)
            {
                return ErrorReport.Write(e, interruption.Token.IsCancellationRequested);
            }
        });
        return command;
    }
}
