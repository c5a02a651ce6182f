using System.CommandLine;
using SynthStudio.Cli.Connection;

namespace SynthStudio.Cli.Commands;

/// <summary>Makes commands that call a running server, or one hosted here over the data that <c>synth serve</c> keeps.</summary>
internal sealed class ServerCommand
{
    private readonly ConnectionOptions connection = new();

    /// <param name="name">The command's name.</param>
    /// <param name="description">What it does.</param>
    /// <param name="symbols">Its own arguments and options; those of the connection come after them.</param>
    /// <param name="action">Does it.</param>
    /// <param name="computes">Whether a server hosted here runs jobs meanwhile; else they wait for one that does.</param>
    /// <param name="usesProject">Whether it works in a project.</param>
    public Command Create(string name, string description, Symbol[] symbols, Func<ServerCall, Task> action, bool computes = false, bool usesProject = true)
    {
        var command = new Command(name, description);
        foreach (var symbol in symbols)
        {
            if (symbol is Argument argument)
            {
                command.Arguments.Add(argument);
            }
            else
            {
                command.Options.Add((Option)symbol);
            }
        }

        connection.AddTo(command);
        return command.Does(async (parse, cancellation) =>
        {
            await using var session = await ServerSession.OpenAsync(connection.Read(parse), DataFolders.Default(), cancellation, computes);
            var isDefault = connection.IsDefaultProject(parse);
            if (usesProject && isDefault)
            {
                await session.Client.EnsureProjectAsync(cancellation);
            }

            await action(new ServerCall(session.Client, session.IsHosted, isDefault ? "" : session.Client.Project, parse, cancellation));
        });
    }
}

/// <summary>What an action of such a command gets.</summary>
/// <param name="Client">Calls the server.</param>
/// <param name="IsHosted">Whether the server ends with this command.</param>
/// <param name="NamedProject">The project that the command line names; empty for the one that it works in otherwise.</param>
/// <param name="Parse">The command line.</param>
/// <param name="Cancellation">Cancelled by Ctrl-C.</param>
internal sealed record ServerCall(SynthClient Client, bool IsHosted, string NamedProject, ParseResult Parse, CancellationToken Cancellation);
